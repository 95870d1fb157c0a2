#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// One WeakValueDictionary, many threads. The checks run in ThreadSanitizer builds as well.

namespace {

using weakref::make;
using weakref::None;
using weakref::strong_ref;

struct Image : weakref::object {
  explicit Image(int n = 0) : number(n) {}
  int number;
};

using Numbered = weakref::WeakValueDictionary<int, Image>;

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

/// A thread that drops what it is given, as another thread's collector would.
class Dropper {
 public:
  void take(strong_ref<Image> image) {
    const std::lock_guard lock(mutex_);
    heap_.push_back(std::move(image));
  }
  ~Dropper() { stop_ = true; }

 private:
  void run() {
    while (!stop_) {
      std::vector<strong_ref<Image>> dropped;
      {
        const std::lock_guard lock(mutex_);
        dropped.swap(heap_);
      }
      if (dropped.empty()) std::this_thread::yield();
    }
  }

  std::mutex mutex_;
  std::vector<strong_ref<Image>> heap_;
  std::atomic<bool> stop_ = false;
  std::jthread thread_{[this] { run(); }};
};

struct Fixture {
  /// Values under 0, 1, …
  void fill(int count) {
    for (int i = 0; i < count; ++i) {
      owners.push_back(make<Image>(i));
      images.set(i, owners.back());
    }
  }
  /// Drops the owners in an order that is neither that of the entries nor random.
  void drop_all() {
    for (std::size_t step = 7, i = 0; i < step; ++i) {
      for (std::size_t at = i; at < owners.size(); at += step) owners[at].reset();
    }
  }

  Numbered images;
  std::vector<strong_ref<Image>> owners;
  std::atomic<int> wrong = 0;
};

constexpr int many = 5'000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_value_dictionary_threads, Fixture)

// ---- after CPython's threaded tests

BOOST_AUTO_TEST_CASE(setdefault_never_gives_none_while_another_thread_drops) {
  Dropper dropper;
  for (int i = 0; i < many; ++i) {
    auto image = images.setdefault(10, make<Image>(i));
    if (image == None) ++wrong;
    dropper.take(std::move(image));
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(pop_never_gives_none_while_another_thread_drops) {
  Dropper dropper;
  const auto fallback = make<Image>(-1);
  for (int i = 0; i < many; ++i) {
    auto image = make<Image>(i);
    images.set(10, image);
    dropper.take(std::move(image));
    const auto popped = images.pop(10, fallback);
    if (popped != fallback && popped->number != i) ++wrong;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(an_old_values_death_never_removes_the_new_value) {  // bpo-28427
  Dropper dropper;
  for (int i = 0; i < 2 * many; ++i) {
    auto image = make<Image>(i);
    images.set(10, image);
    if (images.size() != 1 || images.get(10) != image) ++wrong;
    dropper.take(std::move(image));
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(copies_are_made_while_another_thread_drops) {  // bpo-35615
  fill(many);
  together([this] { drop_all(); },
           [this] {
             const auto copy = images.copy();
             for (const auto& [key, value] : copy.items()) wrong += value->number != key;
           });
  BOOST_TEST(wrong == 0);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(deep_copies_are_made_while_another_thread_drops) {  // bpo-35615
  fill(many);
  together([this] { drop_all(); },
           [this] {
             const auto copy = images.deepcopy();
             for (const auto& [key, value] : copy.items()) wrong += value->number != key;
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(the_size_only_falls_while_values_die) {  // test_weak_valued_len_race
  fill(many);
  together([this] { drop_all(); },
           [this] {
             for (std::size_t last = many, now; last != 0; last = now) {
               now = images.size();
               wrong += now > last;
             }
           });
  BOOST_TEST(wrong == 0);
}

// ---- compound operations

BOOST_AUTO_TEST_CASE(a_race_of_setdefault_yields_one_value_to_all) {
  constexpr int rounds = 300;
  std::barrier next(3);
  std::vector<std::vector<strong_ref<Image>>> got(3);
  const auto race = [&](std::size_t i) {
    return [&, i] {
      for (int round = 0; round < rounds; ++round) {
        next.arrive_and_wait();
        got[i].push_back(images.setdefault(round, make<Image>()));
      }
    };
  };
  together(race(0), race(1), race(2));
  for (const auto& image : got[0]) wrong += image == None;
  BOOST_TEST((got[0] == got[1] && got[1] == got[2]));
  BOOST_TEST(wrong == 0);
  BOOST_TEST(std::ranges::equal(images.values(), got[0]));
}

BOOST_AUTO_TEST_CASE(a_value_is_popped_by_one_thread_only) {
  fill(many);
  std::atomic<int> popped = 0;
  const auto pop = [&] {
    for (int i = 0; i < many; ++i) popped += images.pop(i, None) != None;
  };
  together(pop, pop);
  BOOST_TEST(popped == many);
}

BOOST_AUTO_TEST_CASE(a_value_is_popped_alive_or_not_at_all_by_the_thread_that_races_with_its_last_owner) {
  // The drop must not take itself for the last one while the entry, which led to the value, leaves.
  fill(many);
  std::atomic<int> dropper = 0, popper = 0;
  const auto meet = [](std::atomic<int>& mine, const std::atomic<int>& other) {
    ++mine;
    while (other < mine) std::this_thread::yield();
  };
  together(
      [&] {
        for (auto& owner : owners) {
          meet(dropper, popper);
          owner.reset();
        }
      },
      [&] {
        for (int i = 0; i < many; ++i) {
          meet(popper, dropper);
          const auto image = images.pop(i, None);
          wrong += image != None && (image->number != i || getrefcount(image) == 0);
        }
      });
  BOOST_TEST(wrong == 0);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(an_item_is_popped_by_one_thread_only) {
  fill(many);
  std::vector<int> one, other;
  const auto pop = [this](std::vector<int>& into) {
    return [this, &into] {
      for (int i = 0; i < many / 2; ++i) into.push_back(images.popitem().first);
    };
  };
  together(pop(one), pop(other));
  BOOST_TEST(images.empty());
  BOOST_TEST(std::ranges::is_sorted(one, std::ranges::greater()));
  one.insert(one.end(), other.begin(), other.end());
  std::ranges::sort(one);
  BOOST_TEST((std::ranges::adjacent_find(one) == one.end()));
}

BOOST_AUTO_TEST_CASE(an_entry_is_erased_by_one_thread_only) {
  fill(many);
  std::atomic<std::size_t> erased = 0;
  const auto erase = [&] {
    for (int i = 0; i < many; ++i) erased += images.erase(i);
  };
  together(erase, erase);
  BOOST_TEST(erased == static_cast<std::size_t>(many));
}

// ---- every operation against deaths

BOOST_AUTO_TEST_CASE(look_ups_give_the_right_value_or_none_while_values_die) {
  fill(many);
  together([this] { drop_all(); },
           [this] {
             for (int i = 0; i < many; ++i) {
               const auto image = images.get(i);
               wrong += image != None && image->number != i;
               wrong += image != None && !images.contains(i);
             }
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(walks_see_live_values_in_order_while_values_die) {
  fill(many);
  together([this] { drop_all(); },
           [this] {
             for (std::size_t size = 1; size != 0; size = images.size()) {
               int last = -1;
               for (const auto& [key, value] : images.items()) {
                 wrong += key <= last || value->number != key;
                 last = key;
               }
             }
           },
           [this] {
             int last = -1;
             for (const int key : images) {
               wrong += key <= last;
               last = key;
             }
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(references_are_listed_while_values_die) {
  fill(many);
  together([this] { drop_all(); },
           [this] {
             for (const auto& reference : images.valuerefs()) {
               const auto image = reference();
               wrong += image != None && image->number != reference->key();
             }
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(references_are_called_while_entries_are_taken_out_and_values_die) {
  fill(many);
  const auto references = images.valuerefs();
  together([this] { drop_all(); }, [this] { images.clear(); },
           [&] {
             for (const auto& reference : references) {
               const auto image = reference();
               wrong += image != None && image->number != reference->key();
             }
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_reference_to_an_entry_is_called_while_the_entry_is_taken_out_and_its_value_dies) {
  using Entry = weakref::KeyedRef<Image, int>;
  fill(many);
  std::vector<weakref::ref<Entry>> watches;
  for (const auto& reference : images.itervaluerefs()) watches.emplace_back(reference);
  together(
      [this] {
        for (std::size_t i = 0; i < owners.size(); ++i) {
          images.erase(static_cast<int>(i));
          owners[i].reset();
        }
      },
      [&] {
        for (const auto& watch : watches) {
          for (strong_ref<Entry> entry = watch(); entry != None; entry = watch()) {
            const int number = entry->key();
            const auto image = (*entry)();
            if (image == None) break;
            wrong += image->number != number;
          }
        }
      });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(entries_are_replaced_and_taken_out_while_their_values_die) {
  fill(many);
  const auto other = make<Image>();
  together([this] { drop_all(); },
           [&] {
             for (int i = 0; i < many; i += 3) images.set(i, other);
           },
           [this] {
             for (int i = 1; i < many; i += 3) images.erase(i);
           });
  BOOST_TEST(images.size() == static_cast<std::size_t>((many + 2) / 3));
  for (const auto& value : images.values()) wrong += value != other;
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(items_are_popped_while_values_die) {
  fill(many);
  together([this] { drop_all(); },
           [this] {
             try {
               for (;;) {
                 const auto [key, value] = images.popitem();
                 wrong += value->number != key;
               }
             } catch (const weakref::KeyError&) {
             }
           });
  BOOST_TEST(wrong == 0);
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(a_dictionary_is_cleared_while_values_die) {
  fill(many);
  together([this] { drop_all(); }, [this] { images.clear(); });
  BOOST_TEST(images.empty());
}

BOOST_AUTO_TEST_CASE(a_clear_is_seen_as_one_step) {
  fill(many);
  together([this] { images.clear(); },
           [this] {
             while (images.contains(0)) std::this_thread::yield();
             wrong += images.contains(many - 1) || !images.empty();
           },
           [this] {
             while (images.contains(many - 1)) std::this_thread::yield();
             wrong += images.contains(0) || images.begin() != images.end();
           });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_dictionary_is_destroyed_while_values_die) {
  for (int round = 0; round < 100; ++round) {
    owners.clear();
    auto dying = std::make_unique<Numbered>();
    for (int i = 0; i < 20; ++i) {
      owners.push_back(make<Image>(i));
      dying->set(i, owners.back());
      dying->set(100 + i, owners.back());
    }
    together([this] { drop_all(); }, [&] { dying.reset(); });
    for (const auto& owner : owners) wrong += owner != None;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_walked_dictionary_is_destroyed_while_values_die) {
  for (int round = 0; round < 100; ++round) {
    owners.clear();
    auto dying = std::make_unique<Numbered>();
    for (int i = 0; i < 20; ++i) {
      owners.push_back(make<Image>(i));
      dying->set(i, owners.back());
    }
    const auto walk = dying->items();
    together([this] { drop_all(); }, [&] { dying.reset(); },
             [&] {
               for (const auto& [key, value] : walk) wrong += value->number != key;
             });
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(one_value_in_many_dictionaries_leaves_them_all) {
  for (int round = 0; round < 100; ++round) {
    std::vector<Numbered> all(8);
    auto image = make<Image>();
    for (auto& one : all) {
      for (int i = 0; i < 4; ++i) one.set(i, image);
    }
    together([&] { image.reset(); },
             [&] {
               for (std::size_t i = 0; i < 7; ++i) all[i].erase(1);
             },
             [&] { all.pop_back(); });
    for (const auto& one : all) wrong += !one.empty();
  }
  BOOST_TEST(wrong == 0);
}

// ---- changes against changes

BOOST_AUTO_TEST_CASE(writers_of_different_keys_do_not_disturb_each_other) {
  for (int i = 0; i < many; ++i) owners.push_back(make<Image>(i));
  const auto write = [this](int first) {
    return [this, first] {
      for (int i = first; i < many; i += 2) images.set(i, owners[static_cast<std::size_t>(i)]);
    };
  };
  together(write(0), write(1));
  BOOST_TEST(images.size() == static_cast<std::size_t>(many));
  for (int i = 0; i < many; ++i) wrong += images.get(i) != owners[static_cast<std::size_t>(i)];
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(walks_never_see_a_key_twice_while_another_thread_writes) {
  fill(200);
  std::atomic<bool> done = false;
  together(
      [&] {
        for (int i = 0; i < many; ++i) {
          images.set(i % 400, owners[static_cast<std::size_t>(i % 200)]);
          images.erase(i * 7 % 400);
        }
        done = true;
      },
      [&] {
        while (!done) {
          std::vector<int> seen(images.begin(), images.end());
          std::ranges::sort(seen);
          wrong += std::ranges::adjacent_find(seen) != seen.end();
        }
      });
  BOOST_TEST(wrong == 0);
}

/// Equality of a class: look-ups then compare with the lock given up.
struct Name {
  std::string text;
  friend bool operator==(const Name&, const Name&) = default;
};
struct NameHash {
  std::size_t operator()(const Name& name) const { return name.text.size(); }
};

BOOST_AUTO_TEST_CASE(look_ups_that_run_code_of_keys_are_right_under_changes) {
  weakref::WeakValueDictionary<Name, Image, NameHash> named;
  const auto name = [](int i) { return Name{std::string(1, static_cast<char>('a' + i))}; };  // all collide
  const auto kept = make<Image>(1);
  named.set(name(20), kept);
  together(
      [&] {
        for (int i = 0; i < many / 5; ++i) {
          const auto image = make<Image>();
          named.set(name(i % 15), image);
        }
      },
      [&] {
        for (int i = 0; i < many / 5; ++i) wrong += named.get(name(20)) != kept;
      });
  BOOST_TEST(wrong == 0);
  BOOST_TEST(named.size() == 1U);
}

BOOST_AUTO_TEST_CASE(updates_unions_and_comparisons_are_made_while_values_die) {
  fill(many);
  Numbered other;
  together([this] { drop_all(); }, [&] { other.update(images); },
           [&] {
             const auto joined = images | other;
             wrong += joined.size() > static_cast<std::size_t>(many);
             (void)(images == joined);
           });
  BOOST_TEST(wrong == 0);
  BOOST_TEST(other.empty());
}

BOOST_AUTO_TEST_SUITE_END()
