#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <variant>  // of getweakrefs(), which GCC 15 cannot instantiate out of sight
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {
  explicit Image(std::atomic<int>* a) : alive(a) { ++*alive; }
  ~Image() override {
    pixels = -1;
    --*alive;
  }
  std::atomic<int>* alive;
  int pixels = 7;
};

/// Runs a function in several threads that begin together.
void together(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::barrier start(static_cast<std::ptrdiff_t>(count));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      work(i);
    });
  }
  for (auto& thread : threads) thread.join();
}

/// Boost.Test counts in one thread only; what other threads find wrong is counted here.
std::atomic<int> surprises{0};

void expect(bool held) {
  if (!held) ++surprises;
}

struct NoSurprises {
  NoSurprises() { surprises = 0; }
  ~NoSurprises() { BOOST_TEST(surprises == 0); }
};

constexpr int rounds = 1'000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(threads, NoSurprises)

BOOST_AUTO_TEST_CASE(a_call_that_races_with_the_death_gives_a_whole_object_or_none) {
  std::atomic<int> alive{0};
  for (int round = 0; round < rounds; ++round) {
    auto image = make<Image>(&alive);
    const ref r{image};
    together(3, [&, mine = std::move(image)](std::size_t i) mutable {
      if (i == 0) return mine.reset();
      if (const auto held = r()) expect(held->pixels == 7);
    });
    BOOST_REQUIRE(r.expired());
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(the_last_of_many_owners_destroys_and_callbacks_run_once) {
  std::atomic<int> alive{0};
  std::atomic<int> calls{0};
  for (int round = 0; round < rounds; ++round) {
    auto image = make<Image>(&alive);
    const ref watch{image, [&](const ref<Image>& dead) {
                      if (dead.expired()) ++calls;
                    }};
    std::vector<strong_ref<Image>> owners(3, image);
    image.reset();
    together(3, [&](std::size_t i) {
      auto another = owners[i];
      owners[i].reset();
    });
    BOOST_REQUIRE(watch.expired());
  }
  BOOST_TEST(alive == 0);
  BOOST_TEST(calls == rounds);
}

BOOST_AUTO_TEST_CASE(references_with_callbacks_come_and_go_while_the_object_dies) {
  std::atomic<int> alive{0};
  std::atomic<int> calls{0};
  std::atomic<int> made{0};
  std::atomic<int> kept{0};
  for (int round = 0; round < rounds; ++round) {
    auto image = make<Image>(&alive);
    const ref plain{image};
    std::vector<ref<Image>> survivors(3);
    together(3, [&, mine = std::move(image)](std::size_t i) mutable {
      if (i == 0) return mine.reset();
      for (int k = 0; k < 3; ++k) {
        const auto held = plain();
        if (held == None) return;
        ref watch{held, [&](const ref<Image>&) { ++calls; }};
        ++made;
        if (k == 2) {
          survivors[i] = std::move(watch);
          ++kept;
        }
      }
    });
    BOOST_REQUIRE(plain.expired());
    for (const auto& r : survivors) BOOST_REQUIRE(r.expired());
  }
  BOOST_TEST(alive == 0);
  BOOST_TEST(calls >= kept.load(), "a reference that was kept is called");
  BOOST_TEST(calls <= made.load());
}

BOOST_AUTO_TEST_CASE(handles_of_one_reference_are_copied_and_dropped_everywhere) {
  std::atomic<int> alive{0};
  for (int round = 0; round < rounds; ++round) {
    auto image = make<Image>(&alive);
    ref shared{image};
    ref own{image, [](const ref<Image>&) {}};
    together(3, [&, mine = std::move(image)](std::size_t i) mutable {
      if (i == 0) mine.reset();
      for (int k = 0; k < 4; ++k) {
        const ref a = shared;
        const ref b = own;
        (void)a();
        (void)b();
        (void)is(a, b);
      }
    });
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(the_hash_of_a_shared_reference_is_cached_by_one_and_forgotten_with_the_last_handle) {
  std::atomic<int> alive{0};
  for (int round = 0; round < rounds; ++round) {
    auto image = make<Image>(&alive);
    const auto expected = std::hash<strong_ref<Image>>()(image);
    together(3, [&](std::size_t) {
      for (int k = 0; k < 4; ++k) {
        const ref r{image};
        expect(std::hash<ref<Image>>()(r) == expected);
      }
    });
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(del_runs_once_whoever_drops_the_last_owner) {
  struct Finalized : weakref::object {
    explicit Finalized(std::atomic<int>* d) : dels(d) {}
    std::atomic<int>* dels;
    void del() override { ++*dels; }
  };
  std::atomic<int> dels{0};
  for (int round = 0; round < rounds; ++round) {
    auto object = make<Finalized>(&dels);
    const ref r{object};
    std::vector<strong_ref<Finalized>> owners(3, object);
    object.reset();
    together(3, [&](std::size_t i) {
      owners[i].reset();
      (void)r();
    });
  }
  BOOST_TEST(dels == rounds);
}

BOOST_AUTO_TEST_CASE(shared_proxies_and_lists_of_references_race_with_one_another) {
  std::atomic<int> alive{0};
  for (int round = 0; round < rounds; ++round) {
    const auto image = make<Image>(&alive);
    together(3, [&](std::size_t) {
      for (int k = 0; k < 3; ++k) {
        const auto p = proxy(image);
        expect(p->pixels == 7);
        const ref watch{image, [](const ref<Image>&) {}};
        for (const auto& reference : weakref::getweakrefs(image)) (void)reference.index();
        expect(weakref::getweakrefcount(image) >= 2U);
      }
    });
    BOOST_REQUIRE(weakref::getweakrefcount(image) == 0U);
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(a_callback_that_is_asked_for_while_the_referent_dies_is_held_or_not_there) {
  struct Callback {
    std::vector<int> content = std::vector<int>(10, 7);
    void operator()(const ref<Image>&) const {}
  };
  struct Derived : weakref::ReferenceType<Image> {
    using ReferenceType::ReferenceType;
  };
  std::atomic<int> alive{0};
  for (int round = 0; round < rounds; ++round) {
    auto image = make<Image>(&alive);
    const ref r{image, Callback()};
    const auto derived = make<Derived>(image, Callback());
    together(3, [&, mine = std::move(image)](std::size_t i) mutable {
      if (i == 0) return mine.reset();
      for (bool lived = true; lived;) {
        const auto callback = r.callback<Callback>();
        lived = r.has_callback();
        if (callback) expect(callback->content.at(9) == 7);
        const auto other = derived->callback<Callback>();
        lived = derived->has_callback() && lived;
        if (other) expect(other->content.at(9) == 7);
      }
    });
    expect(!r.callback<Callback>());
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(threads_that_ask_for_the_proxy_of_an_object_get_the_same) {
  std::atomic<int> alive{0};
  for (int round = 0; round < rounds; ++round) {
    const auto image = make<Image>(&alive);
    std::vector<std::uintptr_t> seen(2);
    std::vector<weakref::ProxyType<Image>> kept{weakref::proxy(make<Image>(&alive)),
                                                weakref::proxy(make<Image>(&alive))};
    together(2, [&](std::size_t i) {
      kept[i] = weakref::proxy(image);
      seen[i] = id(kept[i]);
    });
    expect(seen[0] == seen[1]);
  }
}

BOOST_AUTO_TEST_SUITE_END()
