#include <atomic>
#include <concepts>
#include <cstddef>
#include <exception>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// MappingTestCase of CPython's test_weakref.py: dictionaries whose objects die in another thread.

namespace {

using weakref::make;
using weakref::strong_ref;
using weakref::WeakKeyDictionary;
using weakref::WeakValueDictionary;

struct RefCycle : weakref::object {};

struct DummyKey : weakref::object {
  explicit DummyKey(int c) : ctr(c) {}
  int ctr;
};
struct DummyValue : weakref::object {
  explicit DummyValue(int c) : ctr(c) {}
  int ctr;
};

constexpr int threaded_iterations = 100000;

/// What nobody needs any more is left to it, and dropped in its thread. In the originals those are cycles,
/// which the garbage collector drops there.
class Collector {
 public:
  ~Collector() { stop_ = true; }

  void take(strong_ref<RefCycle> garbage) {
    const std::lock_guard lock(mutex_);
    garbage_.push_back(std::move(garbage));
  }

 private:
  void collect() {
    while (!stop_) {
      std::vector<strong_ref<RefCycle>> dropped;
      {
        const std::lock_guard lock(mutex_);
        dropped.swap(garbage_);
      }
      if (dropped.empty()) std::this_thread::yield();
    }
  }

  std::mutex mutex_;
  std::vector<strong_ref<RefCycle>> garbage_;
  std::atomic<bool> stop_ = false;
  std::jthread thread_{[this] { collect(); }};
};

/// Drops the owners one by one, in any order.
template <class T>
void pop_and_collect(std::vector<strong_ref<T>>& owners) {
  std::mt19937 random;
  while (!owners.empty()) {
    std::swap(owners[random() % owners.size()], owners.back());
    owners.pop_back();
  }
}

enum class Depth { shallow, deep };

template <class D>
void check_threaded_weak_dict_copy(Depth depth) {
  D d;
  std::vector<strong_ref<DummyKey>> keys;
  std::vector<strong_ref<DummyValue>> values;
  for (int i = 0; i < 70000; ++i) {
    keys.push_back(make<DummyKey>(i));
    values.push_back(make<DummyValue>(i));
    d[keys.back()] = values.back();
  }
  std::exception_ptr failure;
  {
    const std::jthread copying([&] {
      try {
        const D copied = depth == Depth::deep ? d.deepcopy() : d.copy();
      } catch (...) {
        failure = std::current_exception();
      }
    });
    const std::jthread collecting([&] {
      if constexpr (std::same_as<D, WeakKeyDictionary<DummyKey, strong_ref<DummyValue>>>) {
        pop_and_collect(keys);
      } else {
        pop_and_collect(values);
      }
    });
  }
  if (failure) std::rethrow_exception(failure);
  BOOST_TEST(len(d) == 0U);
}

using WeakKeyed = WeakKeyDictionary<DummyKey, strong_ref<DummyValue>>;
using WeakValued = WeakValueDictionary<strong_ref<DummyKey>, DummyValue>;

}  // namespace

BOOST_AUTO_TEST_SUITE(MappingTestCase)

BOOST_AUTO_TEST_CASE(test_threaded_weak_valued_setdefault) {
  WeakValueDictionary<int, RefCycle> d;
  Collector collector;
  int lost = 0;
  for (int i = 0; i < threaded_iterations; ++i) {
    auto cycle = make<RefCycle>();
    if (d.setdefault(10, cycle) == nullptr) ++lost;
    collector.take(std::move(cycle));
  }
  BOOST_TEST(lost == 0);
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_valued_pop) {
  WeakValueDictionary<int, RefCycle> d;
  const auto fallback = make<RefCycle>();
  Collector collector;
  int lost = 0;
  for (int i = 0; i < threaded_iterations; ++i) {
    auto cycle = make<RefCycle>();
    d[10] = cycle;
    collector.take(std::move(cycle));
    if (d.pop(10, fallback) == nullptr) ++lost;
  }
  BOOST_TEST(lost == 0);
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_valued_consistency) {
  WeakValueDictionary<int, RefCycle> d;
  Collector collector;
  int lost = 0;
  for (int i = 0; i < 2 * threaded_iterations; ++i) {
    auto o = make<RefCycle>();
    d[10] = o;
    // o is still alive, so the dictionary cannot be empty.
    if (len(d) != 1) ++lost;
    collector.take(std::move(o));
  }
  BOOST_TEST(lost == 0);
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_key_dict_copy) {
  check_threaded_weak_dict_copy<WeakKeyed>(Depth::shallow);
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_key_dict_deepcopy) {
  check_threaded_weak_dict_copy<WeakKeyed>(Depth::deep);
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_value_dict_copy) {
  check_threaded_weak_dict_copy<WeakValued>(Depth::shallow);
}

BOOST_AUTO_TEST_CASE(test_threaded_weak_value_dict_deepcopy) {
  check_threaded_weak_dict_copy<WeakValued>(Depth::deep);
}

BOOST_AUTO_TEST_SUITE_END()
