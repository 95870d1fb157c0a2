#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "children.hpp"
#include "generator.hpp"
#include "machine.hpp"
#include "shrinking.hpp"

namespace stress {
namespace {

constexpr std::string_view usage =
    "usage: weakref-stress [--seed S] [--programs N] [--minutes M] [--threads T] [--without TEXT]… [--most "
    "N]\n"
    "                      [--most N] [--no-shrink] [--show] [--keep N,N…] [--repeat N]\n"
    "\n"
    "Runs random programs, from seed S on, in up to T threads, until N have run or M minutes are over.\n"
    "  --only       only operations that have one of the texts in them, as verbs are written: '$c.reset'\n"
    "  --without    no operation that has the text in it\n"
    "  --most       stop after so many that failed\n"
    "  --no-shrink  do not look for smaller programs\n"
    "  --show       print the program of the seed, and run nothing\n"
    "  --keep       only these operations of the program\n"
    "  --repeat     run each program so many times\n";

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{30};
constexpr std::uint64_t programs_of_a_child = 500;

struct options {
  std::uint64_t seed = std::random_device()();
  std::uint64_t programs = 1000;
  std::optional<double> minutes;
  std::uint64_t most = 3;
  std::uint64_t repeat = 1;
  bool shrinks = true;
  bool shows = false;
  std::optional<numbers> kept;
  taste wanted;
};

[[noreturn]] void refuse() {
  std::cerr << usage;
  std::exit(2);
}

std::optional<options> parse(const std::vector<std::string>& words) {
  options parsed;
  bool counted = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--no-shrink") {
      parsed.shrinks = false;
    } else if (word == "--show") {
      parsed.shows = true;
    } else if (i + 1 == words.size()) {
      return std::nullopt;
    } else {
      const std::string& value = words[++i];
      if (word == "--seed") {
        parsed.seed = std::stoull(value);
      } else if (word == "--programs") {
        parsed.programs = std::stoull(value);
        counted = true;
      } else if (word == "--minutes") {
        parsed.minutes = std::stod(value);
      } else if (word == "--threads") {
        parsed.wanted.threads = static_cast<unsigned>(std::stoul(value));
      } else if (word == "--only") {
        parsed.wanted.only.push_back(value);
      } else if (word == "--without") {
        parsed.wanted.unwanted.push_back(value);
      } else if (word == "--most") {
        parsed.most = std::stoull(value);
      } else if (word == "--repeat") {
        parsed.repeat = std::stoull(value);
      } else if (word == "--keep") {
        parsed.kept.emplace();
        std::istringstream listed(value);
        for (std::string number; std::getline(listed, number, ',');) {
          parsed.kept->insert(static_cast<unsigned>(std::stoul(number)));
        }
      } else {
        return std::nullopt;
      }
    }
  }
  if (parsed.minutes && !counted) parsed.programs = ~std::uint64_t{0} - parsed.seed;
  return parsed;
}

program program_of(const options& chosen, std::uint64_t seed) {
  program made = generate(seed, chosen.wanted);
  return chosen.kept ? only(std::move(made), *chosen.kept) : made;
}

outcome run(const options& chosen, std::uint64_t first, std::uint64_t count) {
  return in_child(
      [&](std::atomic<std::uint64_t>& done) {
        machine runner;
        for (std::uint64_t i = 0; i < count; ++i) {
          const program next = program_of(chosen, first + i);
          for (std::uint64_t times = 0; times < chosen.repeat; ++times) runner.run(next);
          ++done;
        }
      },
      patience);
}

/// Of programs that all ran, and leak: the one that does, as far as it leaks again.
std::uint64_t leaking(const options& chosen, std::uint64_t first, std::uint64_t count) {
  while (count > 1) {
    const std::uint64_t half = count / 2;
    if (run(chosen, first, half).failed) {
      count = half;
    } else {
      first += half;
      count -= half;
    }
  }
  return first;
}

std::string command(const options& chosen, std::uint64_t seed, const shrunk& found) {
  std::ostringstream text;
  text << "weakref-stress --seed " << seed << " --programs 1";
  if (chosen.wanted.threads != 0) text << " --threads " << chosen.wanted.threads;
  for (const std::string& part : chosen.wanted.only) text << " --only '" << part << "'";
  for (const std::string& part : chosen.wanted.unwanted) text << " --without '" << part << "'";
  text << " --repeat " << 20 * found.repeats + 500 << " --no-shrink --keep ";
  const char* comma = "";
  for (const unsigned number : found.kept) {
    text << comma << number;
    comma = ",";
  }
  return text.str();
}

/// A line of a report: of the frames of a stack only those of the library, with what tells where they are.
std::optional<std::string> readable(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos || line[begin] == '=') return std::nullopt;
  if (line[begin] != '#') return line.substr(0, 160);
  const std::size_t place = line.find("/modules/");
  if (place == std::string::npos) return std::nullopt;
  const std::size_t end = line.find(" (", place);
  return line.substr(0, 90) + " … " +
         line.substr(place + 1, end == std::string::npos ? end : end - place - 1);
}

/// The beginning of a report, which is what tells most.
std::string beginning(const std::string& said, int most) {
  std::istringstream lines(said);
  std::string text;
  for (std::string line; most > 0 && std::getline(lines, line);) {
    const auto shown = readable(line);
    if (!shown) continue;
    text += "  | " + *shown + '\n';
    --most;
  }
  return text;
}

void report(const options& chosen, std::uint64_t seed, const std::string& said) {
  std::cout << "---- seed " << seed << " fails:\n" << beginning(said, chosen.shrinks ? 4 : 40) << std::flush;
  if (!chosen.shrinks) return;
  const shrunk found = shrink(program_of(chosen, seed));
  if (found.repeats == 0) {
    std::cout << "It did not fail again. The program:\n" << found.smallest << std::flush;
    return;
  }
  std::cout << "The smallest program found that fails, within some " << found.repeats << " runs:\n"
            << found.smallest << "It says:\n"
            << beginning(found.said, 40) << "To repeat it: " << command(chosen, seed, found) << '\n'
            << std::flush;
}

int run_all(const options& chosen) {
  const auto begun = clock::now();
  const auto seconds = [begun] { return std::chrono::duration<double>(clock::now() - begun).count(); };
  std::uint64_t done = 0;
  std::vector<std::uint64_t> failed;
  while (done < chosen.programs && failed.size() < chosen.most &&
         !(chosen.minutes && seconds() > 60 * *chosen.minutes)) {
    const std::uint64_t first = chosen.seed + done;
    const std::uint64_t count = std::min(programs_of_a_child, chosen.programs - done);
    const outcome ran = run(chosen, first, count);
    done += std::min(count, ran.done + (ran.failed ? 1 : 0));
    if (!ran.failed) continue;
    failed.push_back(ran.done < count ? first + ran.done : leaking(chosen, first, count));
    report(chosen, failed.back(), ran.said);
  }
  std::cout << done << " programs from seed " << chosen.seed << ", "
            << static_cast<int>(static_cast<double>(done) / seconds()) << " a second; " << failed.size()
            << " failed";
  for (const std::uint64_t seed : failed) std::cout << (seed == failed.front() ? ": " : ", ") << seed;
  std::cout << std::endl;
  return failed.empty() ? 0 : 1;
}

}  // namespace
}  // namespace stress

int main(int count, char** words) {
  const auto chosen = stress::parse({words + 1, words + count});
  if (!chosen) stress::refuse();
  if (chosen->shows) {
    std::cout << stress::program_of(*chosen, chosen->seed);
    return 0;
  }
  return stress::run_all(*chosen);
}
