// The longest time for which a dictionary keeps a thread waiting that asks it for its size or for a value,
// while another thread grows it to so many entries and then clears it:
//
//   weakref-longest-wait [entries]
//
// A line for each: name, milliseconds. What the system takes the processor away for is in them, so let
// nothing else run.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <thread>
#include <vector>

import weakref;

namespace {

using clock_type = std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

struct image : weakref::object {};
using dictionary = weakref::WeakValueDictionary<std::size_t, image>;

/// The longest of the calls that a thread makes one after another until it is told to stop.
class asker {
 public:
  template <class Question>
  explicit asker(Question question)
      : thread_([this, question](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            const auto before = clock_type::now();
            question();
            longest_ = std::max<milliseconds>(longest_, clock_type::now() - before);
          }
        }) {}

  [[nodiscard]] milliseconds longest() {
    thread_.request_stop();
    thread_.join();
    return longest_;
  }

 private:
  milliseconds longest_{0};
  std::jthread thread_;
};

void print(std::string_view what, milliseconds time) { std::cout << what << ": " << time.count() << '\n'; }

/// Asks while it runs.
template <class Question, class Work>
void measure(std::string_view what, Question question, Work work) {
  asker asks(question);
  const auto before = clock_type::now();
  work();
  const milliseconds whole = clock_type::now() - before;
  print(what, asks.longest());
  std::cout << "  of " << whole.count() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t entries = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'500'000;
  std::vector<weakref::strong_ref<image>> owners(entries);
  for (auto& owner : owners) owner = weakref::make<image>();

  const auto run = [&](std::string_view question, auto ask) {
    dictionary images;
    const auto grow = [&] {
      for (std::size_t i = 0; i < entries; ++i) images.set(i, owners[i]);
    };
    std::cout << question << '\n';
    measure("growth", [&] { ask(images); }, grow);
    measure("clear", [&] { ask(images); }, [&] { images.clear(); });
  };
  run("nothing, for comparison", [](dictionary&) {});
  run("size()", [](dictionary& d) { (void)d.size(); });
  run("get()", [](dictionary& d) { (void)d.get(7); });
}
