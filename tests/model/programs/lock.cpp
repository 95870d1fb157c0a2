#include <mutex>

#include "atomic.hpp"
#include "program.hpp"

import weakref.model;
import weakref.protocol;

// The lock of tables and of the registry of finalizers.

using namespace model;

namespace {

class counter final {
 public:
  static constexpr const char* name = "counter";

  void add() noexcept {
    const std::lock_guard guard(lock_);
    count_ = count_ + 1;
  }
  [[nodiscard]] int count() const noexcept { return count_; }

 private:
  weakref::protocol::brief_lock<model_counting> lock_;
  variable<int> count_{0};
};

}  // namespace

MODEL_PROGRAM(sections_of_two_threads_exclude_one_another) {
  counter& shared = make<counter>();
  const auto add = [&] { shared.add(); };
  concurrently(add, add);
  require(shared.count() == 2, "a section was lost");
  the_scheduler().free(&shared);
}

MODEL_PROGRAM(sections_of_three_threads_exclude_one_another, .late_loads = 0) {
  counter& shared = make<counter>();
  const auto add = [&] { shared.add(); };
  concurrently(add, add, add);
  require(shared.count() == 3, "a section was lost");
  the_scheduler().free(&shared);
}
