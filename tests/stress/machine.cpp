#include "machine.hpp"

#include <exception>

#include "world.hpp"

namespace stress {
namespace {

/// Callbacks and del() throw nothing but this.
void hear(const weakref::unraisable& told) {
  try {
    std::rethrow_exception(told.exception);
  } catch (const Thrown&) {
  } catch (...) {
    expect(false, "something unknown was thrown by a callback or del()");
  }
}

}  // namespace

machine::machine() : begin_(most_threads + 1), end_(most_threads + 1) {
  weakref::set_unraisablehook(hear);
  for (unsigned thread = 0; thread < most_threads; ++thread) {
    threads_.emplace_back([this, thread] { work(thread); });
  }
}

machine::~machine() {
  world_ = nullptr;
  begin_.arrive_and_wait();
  for (auto& each : threads_) each.join();
}

void machine::run(const program& next) {
  world played(next);
  world_ = &played;
  arrived_ = 0;
  begin_.arrive_and_wait();
  end_.arrive_and_wait();
  played.end();
}

void machine::work(unsigned thread) {
  for (;;) {
    begin_.arrive_and_wait();
    if (world_ == nullptr) return;
    if (thread < world_->workers.size()) {
      here = world_->workers[thread].get();
      // A barrier wakes its threads one after the other, and the first would be done before the last begins.
      ++arrived_;
      while (arrived_ < world_->workers.size()) std::this_thread::yield();
      for (const operation& next : world_->plays.threads[thread]) here->run(next);
      here = nullptr;
    }
    end_.arrive_and_wait();
  }
}

}  // namespace stress
