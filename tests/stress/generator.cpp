#include "generator.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <string_view>

#include "verbs.hpp"

namespace stress {
namespace {

class generator {
 public:
  generator(std::uint64_t seed, const taste& wanted) : wanted_(wanted), random_(seed) { made_.seed = seed; }

  program make() {
    made_.threads.resize(std::min(2 + (one_in(3) ? below(most_threads - 1) : 0),
                                  wanted_.threads == 0 ? most_threads : wanted_.threads));
    plan_things();
    plan_containers();
    choose_vocabulary();
    if (vocabulary_.empty()) return made_;
    const unsigned longest = one_in(3) ? 24 : 8;
    for (unsigned thread = 0; thread < made_.threads.size(); ++thread) {
      for (unsigned left = 1 + below(longest); left > 0; --left) add(made_.threads[thread], thread, 0);
    }
    return made_;
  }

 private:
  // Not by the standard's distributions, which differ from library to library.
  unsigned below(std::size_t end) { return static_cast<unsigned>(random_() % end); }
  bool one_in(unsigned chances) { return below(chances) == 0; }

  std::vector<unsigned> some_threads() {
    std::vector<unsigned> chosen;
    for (unsigned thread = 0; thread < made_.threads.size(); ++thread) {
      if (!one_in(3)) chosen.push_back(thread);
    }
    return chosen;
  }

  void plan_things() {
    made_.things.resize(1 + below(most_things));
    for (unsigned i = 0; i < made_.things.size(); ++i) {
      thing_plan& thing = made_.things[i];
      thing.has_del = one_in(3);
      thing.resurrects = thing.has_del && one_in(2);
      if (i > 0 && one_in(3)) thing.owned = static_cast<int>(below(i));
      thing.threads = some_threads();
    }
  }

  void plan_containers() {
    made_.containers.resize(below(most_containers) + (one_in(4) ? 0 : 1));
    if (made_.containers.size() > most_containers) made_.containers.pop_back();
    for (container_plan& container : made_.containers) {
      container.type = static_cast<container_type>(below(container_types));
      container.threads.resize(made_.threads.size());
      std::iota(container.threads.begin(), container.threads.end(), 0U);
      if (one_in(4)) container.threads = {below(made_.threads.size())};
    }
  }

  /// A program uses few kinds of operations, and so uses them together.
  void choose_vocabulary() {
    std::vector<const verb*> possible;
    for (const verb* each : all_verbs()) {
      if (is_wanted(*each) && is_possible(*each)) possible.push_back(each);
    }
    if (possible.empty()) return;
    for (unsigned left = 2 + below(12); left > 0; --left)
      vocabulary_.push_back(possible[below(possible.size())]);
    // Deaths are what everything else is about.
    if (one_in(2) && is_wanted(dropping)) vocabulary_.insert(vocabulary_.end(), 2, &dropping);
  }

  [[nodiscard]] bool is_wanted(const verb& asked) const {
    const auto is_in = [&](const std::string& part) {
      return asked.text.find(part) != std::string_view::npos;
    };
    return (wanted_.only.empty() || std::ranges::any_of(wanted_.only, is_in)) &&
           std::ranges::none_of(wanted_.unwanted, is_in);
  }

  [[nodiscard]] bool is_possible(const verb& asked) const {
    return asked.about == subject::registers ||
           std::ranges::any_of(made_.containers, [&](const container_plan& container) {
             return is_about(asked.about, container.type) && (!asked.alone || container.threads.size() == 1);
           });
  }

  void add(std::vector<operation>& operations, unsigned thread, unsigned depth) {
    operation added;
    added.does = vocabulary_[below(vocabulary_.size())];
    if (depth > 0) {
      added.moment = 1 + below(one_in(3) ? 12 : 3);
      if (one_in(3)) added.does = &throwing;
    }
    added.owner = below(most_things);
    added.other_owner = below(most_things);
    added.reference = below(most_references);
    added.other_reference = below(most_references);
    added.iterator = below(most_iterators);
    added.key = below(most_keys);
    if (!choose_containers(added, thread)) return;
    added.number = next_number_++;
    if (added.does != &throwing && depth < 2 && one_in(depth == 0 ? 2 : 6)) {
      for (unsigned left = 1 + below(2); left > 0; --left) add(added.meanwhile, thread, depth + 1);
    }
    operations.push_back(added);
  }

  /// False: the thread knows no such container.
  bool choose_containers(operation& chosen, unsigned thread) {
    if (chosen.does->about == subject::registers) return true;
    std::vector<unsigned> possible;
    for (unsigned i = 0; i < made_.containers.size(); ++i) {
      const container_plan& container = made_.containers[i];
      if (container.is_known_to(thread) && is_about(chosen.does->about, container.type) &&
          (!chosen.does->alone || container.threads.size() == 1)) {
        possible.push_back(i);
      }
    }
    if (possible.empty()) return false;
    chosen.container = possible[below(possible.size())];
    std::erase_if(possible, [&](unsigned i) {
      return made_.containers[i].type != made_.containers[chosen.container].type;
    });
    chosen.other_container = possible[below(possible.size())];
    return true;
  }

  const taste& wanted_;
  std::mt19937_64 random_;
  program made_;
  std::vector<const verb*> vocabulary_;
  unsigned next_number_ = 0;
};

}  // namespace

program generate(std::uint64_t seed, const taste& wanted) { return generator(seed, wanted).make(); }

}  // namespace stress
