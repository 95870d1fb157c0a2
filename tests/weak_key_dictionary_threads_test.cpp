#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// The containers that are weak in their keys, used by several threads.

namespace {

using weakref::make;
using weakref::None;
using weakref::strong_ref;

/// Equal by number: look-ups compare with the lock given up.
struct Key : weakref::object {
  explicit Key(int n) : number(n) {}
  friend bool operator==(const Key& a, const Key& b) { return a.number == b.number; }
  int number;
};

}  // namespace

template <>
struct std::hash<Key> {
  std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.number / 2); }
};

namespace {

using Numbers = weakref::WeakKeyDictionary<Key, int>;
using Texts = weakref::WeakKeyDictionary<Key, std::string>;
using IdNumbers = weakref::WeakIdKeyDictionary<Key, int>;
using Keys = weakref::WeakSet<Key>;

/// Runs all of them at once, each in a thread of its own.
template <class... F>
void together(F... actions) {
  std::barrier start(sizeof...(F));
  std::vector<std::jthread> threads;
  (threads.emplace_back([&start, action = std::move(actions)]() mutable {
    start.arrive_and_wait();
    action();
  }),
   ...);
}

constexpr int many = 3'000;

/// Long enough to live apart.
std::string text(int number) { return "the text of the key whose number is " + std::to_string(number); }

struct Fixture {
  Fixture() {
    for (int i = 0; i < many; ++i) {
      owners.push_back(make<Key>(i));
      equal.push_back(make<Key>(i));
    }
  }
  void fill() {
    for (int i = 0; i < many; ++i) {
      const auto& key = owners[static_cast<std::size_t>(i)];
      numbers.set(key, i);
      texts.set(key, text(i));
      ids.set(key, i);
      keys.add(key);
    }
  }
  /// Drops the owners in an order that is neither that of the entries nor random.
  void drop_all() {
    for (std::size_t step = 7, i = 0; i < step; ++i) {
      for (std::size_t at = i; at < owners.size(); at += step) owners[at].reset();
    }
  }

  std::vector<strong_ref<Key>> owners, equal;
  Numbers numbers;
  Texts texts;
  IdNumbers ids;
  Keys keys;
  std::atomic<int> wrong = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_key_dictionary_threads, Fixture)

// ---- deaths

BOOST_AUTO_TEST_CASE(
    copies_are_made_while_another_thread_drops) {  // test_threaded_weak_key_dict_copy, bpo-35615
  fill();
  together([this] { drop_all(); },
           [this] {
             for (const auto& [key, value] : texts.copy().items()) wrong += value != text(key->number);
             for (const auto& [key, value] : numbers.deepcopy().items()) wrong += value != key->number;
             (void)keys.copy();
           });
  BOOST_TEST(wrong == 0);
  BOOST_TEST((texts.empty() && numbers.empty() && ids.empty() && keys.empty()));
}

BOOST_AUTO_TEST_CASE(the_size_only_falls_while_keys_die) {  // test_weak_keyed_len_race, test_len_race
  fill();
  together([this] { drop_all(); },
           [this] {
             for (std::size_t last = many, now = 1; now != 0; last = now)
               wrong += (now = numbers.size()) > last;
           },
           [this] {
             for (std::size_t last = many, now = 1; now != 0; last = now) wrong += (now = keys.size()) > last;
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(look_ups_by_equal_keys_are_right_while_keys_die) {
  fill();
  together([this] { drop_all(); },
           [this] {
             for (int i = 0; i < many; ++i) {
               const auto& key = equal[static_cast<std::size_t>(i)];
               wrong += numbers.get(key, i) != i;
               wrong += texts.get(key, text(i)) != text(i);
               (void)keys.contains(key);
               wrong += ids.contains(key);
             }
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(the_last_owner_may_be_the_look_up) {
  // The comparison holds a key whose owner drops it meanwhile: the look-up kills it, with the lock free.
  for (int round = 0; round < many; ++round) {
    auto key = make<Key>(round);
    numbers.set(key, round);
    const auto same = make<Key>(round);
    together([&] { key.reset(); }, [&] { wrong += numbers.get(same, round) != round; });
  }
  BOOST_TEST(wrong == 0);
  BOOST_TEST(numbers.empty());
}

BOOST_AUTO_TEST_CASE(walks_see_live_keys_in_order_while_keys_die) {
  fill();
  together([this] { drop_all(); },
           [this] {
             int last = -1;
             for (const auto& [key, value] : texts.items()) {
               wrong += key->number <= last || value != text(key->number);
               last = key->number;
             }
           },
           [this] {
             int last = -1;
             for (const auto& key : keys) {
               wrong += key->number <= last;
               last = key->number;
             }
             for (const auto& value : texts.values()) wrong += value.empty();
           },
           [this] {
             for (const auto& reference : numbers.keyrefs()) {
               (void)reference();
               (void)std::hash<weakref::ref<Key>>()(reference);
             }
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(entries_are_set_and_taken_out_while_their_keys_die) {
  fill();
  together([this] { drop_all(); },
           [this] {
             for (std::size_t i = 0; i < equal.size(); i += 3) {
               texts.set(equal[i], text(static_cast<int>(i)));
               ids.set(equal[i], 1);
               keys.add(equal[i]);
             }
           },
           [this] {
             for (std::size_t i = 1; i < equal.size(); i += 3) {
               const std::string expected = text(static_cast<int>(i));
               wrong += texts.pop(equal[i], expected) != expected;
               numbers.erase(equal[i]);
               keys.discard(equal[i]);
             }
           });
  // An equal key that was there took the value, and then the entry away with it.
  BOOST_TEST(numbers.empty());
  BOOST_TEST(ids.size() == static_cast<std::size_t>(many / 3));
  for (const auto& [key, value] : texts.items()) wrong += value != text(key->number) || key->number % 3 != 0;
  for (const auto& key : keys) wrong += key->number % 3 != 0;
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(all_is_popped_or_cleared_while_keys_die) {
  fill();
  together([this] { drop_all(); },
           [this] {
             try {
               for (;;) {
                 const auto [key, value] = texts.popitem();
                 wrong += value != text(key->number);
               }
             } catch (const weakref::KeyError&) {
             }
           },
           [this] {
             const auto references = numbers.keyrefs();
             numbers.clear();
             ids.clear();
           },
           [this] {
             try {
               for (;;) (void)keys.pop();
             } catch (const weakref::KeyError&) {
             }
           });
  BOOST_TEST(wrong == 0);
  BOOST_TEST((texts.empty() && numbers.empty() && ids.empty() && keys.empty()));
}

BOOST_AUTO_TEST_CASE(a_value_is_destroyed_once_whoever_is_faster) {
  struct Counted : weakref::object {
    explicit Counted(std::atomic<int>& d) : destroyed(d) {}
    ~Counted() override { ++destroyed; }
    std::atomic<int>& destroyed;
  };
  std::atomic<int> destroyed = 0;
  weakref::WeakKeyDictionary<Key, strong_ref<Counted>> counted;
  for (const auto& owner : owners) counted.set(owner, make<Counted>(destroyed));
  const auto references = counted.keyrefs();
  together([this] { drop_all(); }, [&] { counted.clear(); });
  BOOST_TEST(destroyed == many);
  BOOST_TEST(counted.empty());
}

BOOST_AUTO_TEST_CASE(containers_are_destroyed_while_keys_die) {
  for (int round = 0; round < 100; ++round) {
    std::vector<strong_ref<Key>> some;
    auto dying = std::make_unique<Texts>();
    auto set = std::make_unique<Keys>();
    for (int i = 0; i < 20; ++i) {
      some.push_back(make<Key>(i));
      dying->set(some.back(), text(i));
      set->add(some.back());
    }
    const auto walk = dying->items();
    together([&] { some.clear(); },
             [&] {
               dying.reset();
               set.reset();
             },
             [&] {
               for (const auto& [key, value] : walk) wrong += value != text(key->number);
             });
  }
  BOOST_TEST(wrong == 0);
}

// ---- compound operations

BOOST_AUTO_TEST_CASE(a_race_of_setdefault_yields_one_value_to_all) {
  std::vector<std::vector<int>> got(3);
  const auto race = [&](std::size_t thread) {
    return [&, thread] {
      const auto& mine = thread == 0 ? owners : equal;
      for (const auto& key : mine) got[thread].push_back(numbers.setdefault(key, static_cast<int>(thread)));
    };
  };
  together(race(0), race(1), race(2));
  BOOST_TEST((got[0] == got[1] && got[1] == got[2]));
  BOOST_TEST(numbers.size() == static_cast<std::size_t>(many));
}

BOOST_AUTO_TEST_CASE(a_race_of_adds_keeps_one_of_equal_elements) {
  const auto add = [this](const std::vector<strong_ref<Key>>& from) {
    return [this, &from] {
      for (const auto& key : from) keys.add(key);
    };
  };
  together(add(owners), add(equal), add(owners));
  BOOST_TEST(keys.size() == static_cast<std::size_t>(many));
}

BOOST_AUTO_TEST_CASE(a_value_is_popped_by_one_thread_only) {
  fill();
  std::atomic<int> popped = 0;
  const auto pop = [&] {
    for (const auto& key : equal) popped += !texts.pop(key, "").empty();
  };
  together(pop, pop);
  BOOST_TEST(popped == many);
}

BOOST_AUTO_TEST_CASE(a_set_is_never_lost_to_a_pop) {
  // Every number that is set is overwritten or popped, in the order of setting.
  const auto key = make<Key>(1);
  std::atomic<bool> done = false;
  together(
      [&] {
        for (int i = 1; i <= many; ++i) texts.set(key, std::string(40, 'x') + std::to_string(i));
        done = true;
      },
      [&] {
        int last = 0;
        for (bool over = false; !over;) {
          over = done;
          const std::string popped = texts.pop(key, "");
          if (popped.empty()) continue;
          const int number = std::stoi(popped.substr(40));
          wrong += number <= last;
          last = number;
        }
        wrong += last != many;
      });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(values_are_read_whole_while_they_are_replaced) {
  const auto key = make<Key>(1);
  texts.set(key, std::string(100, 'a'));
  std::atomic<bool> done = false;
  together(
      [&] {
        for (int i = 0; i < many; ++i) texts.set(key, std::string(100, static_cast<char>('a' + i % 26)));
        done = true;
      },
      [&] {
        while (!done) {
          const std::string read = texts.at(key);
          wrong += read != std::string(100, read[0]);
        }
      });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_factory_runs_once_however_many_ask) {
  std::atomic<int> runs = 0;
  const auto ask = [&](const std::vector<strong_ref<Key>>& from) {
    return [&] {
      for (int i = 0; i < many; ++i) {
        const auto& key = from[static_cast<std::size_t>(i)];
        const auto made = texts.get_or_create(key, [&] {
          ++runs;
          return text(i);
        });
        wrong += made != text(i);
      }
    };
  };
  together(ask(owners), ask(equal), ask(owners));
  BOOST_TEST(wrong == 0);
  BOOST_TEST(runs == many);
}

// ---- sets

BOOST_AUTO_TEST_CASE(sets_are_combined_and_compared_while_elements_die) {
  fill();
  Keys other(equal | std::views::take(many / 2));
  together([this] { drop_all(); },
           [&] {
             const Keys joined = keys | other;
             wrong += joined.size() > static_cast<std::size_t>(many);
             (void)(keys == joined);
             (void)(keys & other);
           },
           [&] {
             keys ^= other;
             keys -= other;
             other &= keys;
           });
  for (const auto& key : keys) wrong += key->number >= many / 2;
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
