#include <memory>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <utility>

#include <pthread.h>

#include <boost/test/unit_test.hpp>

import weakref;

// A thread that is cancelled while an object dies: the death comes to its end first.

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {};

/// What runs within a death: lets the thread be cancelled, and comes by a point where a thread ends then.
struct Interrupted {
  std::binary_semaphore begun{0};
  std::binary_semaphore cancelled{0};
  bool survived = false;

  void operator()() {
    begun.release();
    cancelled.acquire();
    pthread_testcancel();
    survived = true;
  }
};

/// Drops the owner in a thread that is cancelled within the death. True: the thread ended by that,
/// afterwards.
bool is_cancelled(strong_ref<weakref::object> owner, Interrupted& death) {
  struct Work {
    strong_ref<weakref::object> owner;
    bool after = false;
  };
  Work work{std::move(owner)};
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    auto& mine = *static_cast<Work*>(argument);
    mine.owner.reset();
    mine.after = true;
    pthread_testcancel();
    return nullptr;
  };
  BOOST_REQUIRE(pthread_create(&thread, nullptr, run, &work) == 0);
  death.begun.acquire();
  BOOST_TEST(pthread_cancel(thread) == 0);
  death.cancelled.release();
  void* result = nullptr;
  BOOST_TEST(pthread_join(thread, &result) == 0);
  BOOST_TEST(work.after);
  return result == PTHREAD_CANCELED;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cancellation)

BOOST_AUTO_TEST_CASE(within_a_callback_takes_effect_after_the_death) {
  Interrupted death;
  auto image = make<Image>();
  const ref r{image, [&](const ref<Image>&) { death(); }};
  BOOST_TEST(is_cancelled(std::move(image), death));
  BOOST_TEST(death.survived);
}

BOOST_AUTO_TEST_CASE(within_del_takes_effect_after_the_death) {
  struct Finalized : weakref::object {
    explicit Finalized(Interrupted* d) : death(d) {}
    void del() override { (*death)(); }
    Interrupted* death;
  };
  Interrupted death;
  BOOST_TEST(is_cancelled(make<Finalized>(&death), death));
  BOOST_TEST(death.survived);
}

BOOST_AUTO_TEST_CASE(within_the_destructor_takes_effect_after_the_death) {
  struct Destroyed : weakref::object {
    explicit Destroyed(Interrupted* d) : death(d) {}
    ~Destroyed() override { (*death)(); }
    Interrupted* death;
  };
  Interrupted death;
  BOOST_TEST(is_cancelled(make<Destroyed>(&death), death));
  BOOST_TEST(death.survived);
}

BOOST_AUTO_TEST_CASE(within_the_destruction_of_a_value_takes_effect_after_the_death) {
  struct Value {
    explicit Value(Interrupted* d) : death(d) {}
    Value(Value&& other) noexcept : death(std::exchange(other.death, nullptr)) {}
    Value& operator=(Value&& other) noexcept {
      std::swap(death, other.death);
      return *this;
    }
    ~Value() {
      if (death != nullptr) (*death)();
    }
    Interrupted* death;
  };
  Interrupted death;
  auto image = make<Image>();
  weakref::WeakKeyDictionary<Image, Value> d;
  d.set(image, Value(&death));
  BOOST_TEST(is_cancelled(std::move(image), death));
  BOOST_TEST(death.survived);
}

BOOST_AUTO_TEST_CASE(of_a_thread_that_cannot_be_cancelled_stays_off) {
  std::thread([] {
    int before = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    auto image = make<Image>();
    const ref r{image, [](const ref<Image>&) {}};
    image.reset();
    int after = 0;
    pthread_setcancelstate(before, &after);
    if (after != PTHREAD_CANCEL_DISABLE) std::terminate();
  }).join();
}

BOOST_AUTO_TEST_SUITE_END()
