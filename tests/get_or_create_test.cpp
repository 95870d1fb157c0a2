#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// WeakValueDictionary::get_or_create(): one factory a key, however many threads ask.

namespace {

using weakref::make;
using weakref::None;
using weakref::RuntimeError;
using weakref::strong_ref;

struct Image : weakref::object {
  explicit Image(int n = 0) : number(n) {}
  int number;
};

using Images = weakref::WeakValueDictionary<std::string, Image>;

/// Runs f(0), f(1), … at once, each in a thread of its own.
template <class F>
void in_threads(int count, F f) {
  std::barrier start(count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      f(i);
    });
  }
}

struct Fixture {
  Images images;
  std::atomic<int> made = 0;

  /// A factory that counts its runs.
  auto factory() {
    return [this] { return make<Image>(++made); };
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(get_or_create, Fixture)

BOOST_AUTO_TEST_CASE(what_the_factory_made_is_stored_and_returned) {
  const auto image = images.get_or_create("a", factory());
  BOOST_TEST(image->number == 1);
  BOOST_TEST(images.at("a") == image);
  BOOST_TEST(getrefcount(image) == 1U);
}

BOOST_AUTO_TEST_CASE(a_factory_does_not_run_for_a_value_that_is_there) {
  const auto image = make<Image>(7);
  images.set("a", image);
  BOOST_TEST(images.get_or_create("a", factory()) == image);
  BOOST_TEST(made == 0);
}

BOOST_AUTO_TEST_CASE(a_factory_runs_again_after_the_value_died) {
  auto image = images.get_or_create("a", factory());
  image.reset();
  image = images.get_or_create("a", factory());
  BOOST_TEST(image->number == 2);
  BOOST_TEST(images.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_factory_runs_again_after_the_entry_was_taken_out) {
  const auto first = images.get_or_create("a", factory());
  images.del("a");
  const auto second = images.get_or_create("a", factory());
  BOOST_TEST(second != first);
  BOOST_TEST(images.at("a") == second);
}

BOOST_AUTO_TEST_CASE(a_factory_may_return_a_derived_object) {
  struct Photo : Image {};
  const auto image = images.get_or_create("a", [] { return make<Photo>(); });
  static_assert(std::is_same_v<decltype(image), const strong_ref<Image>>);
  BOOST_TEST(images.at("a") == image);
}

BOOST_AUTO_TEST_CASE(a_factory_may_be_movable_only) {
  const auto image = images.get_or_create("a", [n = std::make_unique<int>(3)] { return make<Image>(*n); });
  BOOST_TEST(image->number == 3);
}

BOOST_AUTO_TEST_CASE(a_factory_may_use_the_dictionary) {
  const auto other = make<Image>(9);
  const auto image = images.get_or_create("a", [&] {
    BOOST_TEST(!images.contains("a"));
    images.set("b", other);
    const auto inner = images.get_or_create("c", factory());
    BOOST_TEST(images.at("c") == inner);
    for (const auto& key : images) BOOST_TEST(key != "a");
    return make<Image>(1);
  });
  BOOST_TEST(images.at("a") == image);
  BOOST_TEST(images.at("b") == other);
}

BOOST_AUTO_TEST_CASE(the_caller_gets_what_the_factory_throws) {
  const auto fail = []() -> strong_ref<Image> { throw std::logic_error("no image"); };
  BOOST_CHECK_THROW((void)images.get_or_create("a", fail), std::logic_error);
  BOOST_TEST(images.empty());
  const auto image = images.get_or_create("a", factory());
  BOOST_TEST(image->number == 1);
}

BOOST_AUTO_TEST_CASE(none_from_a_factory_is_refused) {
  const auto nothing = [] { return strong_ref<Image>(); };
  BOOST_CHECK_EXCEPTION((void)images.get_or_create("a", nothing), weakref::TypeError, [](const auto& e) {
    return e.what() == std::string("cannot create weak reference to 'NoneType' object");
  });
  BOOST_TEST(images.empty());
  const auto image = images.get_or_create("a", factory());
  BOOST_TEST(image->number == 1);
}

BOOST_AUTO_TEST_CASE(a_factory_that_asks_for_its_own_key_gets_a_runtime_error) {
  const auto image = images.get_or_create("a", [&] {
    BOOST_CHECK_THROW((void)images.get_or_create("a", factory()), RuntimeError);
    return make<Image>(5);
  });
  BOOST_TEST(image->number == 5);
  BOOST_TEST(made == 0);
}

BOOST_AUTO_TEST_CASE(an_error_of_recursion_ends_the_creation_if_nobody_catches_it) {
  const auto recurse = [&] { return images.get_or_create("a", factory()); };
  BOOST_CHECK_THROW((void)images.get_or_create("a", recurse), RuntimeError);
  BOOST_TEST(images.get_or_create("a", factory())->number == 1);
}

BOOST_AUTO_TEST_CASE(the_factory_runs_once_however_many_threads_ask) {
  for (int round = 0; round < 50; ++round) {
    images = Images();
    made = 0;
    std::vector<strong_ref<Image>> got(8);
    in_threads(8, [&](int i) { got[static_cast<std::size_t>(i)] = images.get_or_create("a", factory()); });
    BOOST_TEST(made == 1);
    for (const auto& image : got) BOOST_TEST((image == got[0] && image != None));
  }
}

BOOST_AUTO_TEST_CASE(those_who_wait_get_what_was_made) {
  for (int round = 0; round < 50; ++round) {
    std::latch started(1), asked(1);
    strong_ref<Image> created, awaited;
    {
      std::jthread creator([&] {
        created = images.get_or_create("a", [&] {
          started.count_down();
          asked.wait();
          return make<Image>(-1);
        });
      });
      started.wait();
      BOOST_TEST((images.get("a") == None));
      std::jthread waiter([&] {
        asked.count_down();
        awaited = images.get_or_create("a", factory());
      });
    }
    // The creator may be done, but its value alive, before the waiter asks.
    BOOST_TEST(created->number == -1);
    BOOST_TEST(awaited == created);
  }
  BOOST_TEST(made == 0);
}

BOOST_AUTO_TEST_CASE(other_keys_do_not_wait) {
  std::latch started(1), done(1);
  std::jthread slow([&] {
    (void)images.get_or_create("slow", [&] {
      started.count_down();
      done.wait();
      return make<Image>();
    });
  });
  started.wait();
  BOOST_TEST(images.get_or_create("fast", factory())->number == 1);
  BOOST_TEST((images.setdefault("set", make<Image>(2))->number == 2));
  done.count_down();
}

BOOST_AUTO_TEST_CASE(a_factory_may_ask_for_another_key_in_another_thread) {
  const auto image = images.get_or_create("a", [&] {
    strong_ref<Image> inner;
    std::jthread([&] { inner = images.get_or_create("b", factory()); }).join();
    return inner;
  });
  BOOST_TEST(images.at("a") == images.at("b"));
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_factory_that_throws_runs_its_own) {
  std::atomic<int> failures = 0;
  for (int round = 0; round < 50; ++round) {
    std::latch started(1), asked(1);
    std::jthread creator([&] {
      const auto fail = [&]() -> strong_ref<Image> {
        started.count_down();
        asked.wait();
        throw std::logic_error("no image");
      };
      try {
        (void)images.get_or_create("a", fail);
      } catch (const std::logic_error&) {
        ++failures;
      }
    });
    started.wait();
    asked.count_down();
    BOOST_TEST(images.get_or_create("a", factory())->number == round + 1);
  }
  BOOST_TEST(failures == 50);
}

BOOST_AUTO_TEST_CASE(one_factory_after_another_runs_until_one_succeeds) {
  for (int round = 0; round < 50; ++round) {
    images = Images();
    std::atomic<int> runs = 0, failures = 0;
    std::vector<strong_ref<Image>> got(6);
    in_threads(6, [&](int i) {
      try {
        got[static_cast<std::size_t>(i)] = images.get_or_create("a", [&] {
          if (++runs <= 3) throw std::logic_error("not yet");
          return make<Image>(runs);
        });
      } catch (const std::logic_error&) {
        ++failures;
      }
    });
    BOOST_TEST(runs == 4);
    BOOST_TEST(failures == 3);
    for (const auto& image : got) BOOST_TEST((image == None || image->number == 4));
  }
}

BOOST_AUTO_TEST_CASE(a_thread_whose_factory_threw_may_ask_again_at_once) {
  // A waiter may still hold the creation that failed: that is no recursion.
  std::atomic<int> recursions = 0;
  in_threads(4, [&](int) {
    for (int i = 0; i < 2000; ++i) {
      try {
        (void)images.get_or_create("a", []() -> strong_ref<Image> { throw std::logic_error("never"); });
      } catch (const RuntimeError&) {
        ++recursions;
      } catch (const std::logic_error&) {
      }
    }
  });
  BOOST_TEST(recursions == 0);
}

BOOST_AUTO_TEST_CASE(a_thread_that_took_the_entry_out_may_ask_again_at_once) {
  std::atomic<int> recursions = 0;
  in_threads(4, [&](int) {
    for (int n = 0; n < 2000; ++n) {
      try {
        const auto image = images.get_or_create("a", factory());
        images.erase("a");
        (void)images.get_or_create("a", factory());
      } catch (const RuntimeError&) {
        ++recursions;
      }
    }
  });
  BOOST_TEST(recursions == 0);
}

BOOST_AUTO_TEST_CASE(values_that_die_at_once_are_made_again_and_again) {
  std::atomic<bool> right = true;
  in_threads(4, [&](int) {
    for (int i = 0; i < 1000; ++i) {
      if (images.get_or_create("a", factory()) == None) right = false;
    }
  });
  BOOST_TEST(right);
  BOOST_TEST(images.empty());
}

/// A key that only its destructor tells about.
struct Key {
  static inline std::function<void()> on_destroy;
  std::string name;
  explicit Key(std::string n) : name(std::move(n)) {}
  Key(const Key&) = default;
  Key(Key&&) = default;
  ~Key() {
    if (on_destroy) on_destroy();
  }
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const { return std::hash<std::string>()(key.name); }
};

BOOST_AUTO_TEST_CASE(the_code_of_keys_may_use_the_dictionary) {
  weakref::WeakValueDictionary<Key, Image, KeyHash> keyed;
  std::size_t looked = 0;
  Key::on_destroy = [&] { looked += keyed.size() + 1; };
  const auto image = keyed.get_or_create(Key("a"), factory());
  Key::on_destroy = nullptr;
  BOOST_TEST(looked > 0U);
  BOOST_TEST(keyed.at(Key("a")) == image);
}

BOOST_AUTO_TEST_SUITE_END()
