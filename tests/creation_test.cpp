#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What happens to a key, and to its dictionary, while a factory of get_or_create() makes its value: every
// other change wins, and threads never wait for one another for ever.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::None;
using weakref::RuntimeError;
using weakref::strong_ref;

struct Image : weakref::object {
  explicit Image(int n = 0) : number(n) {}
  int number;
};

struct Name : weakref::object {
  explicit Name(std::string t) : text(std::move(t)) {}
  friend bool operator==(const Name& a, const Name& b) { return a.text == b.text; }
  std::string text;
};

}  // namespace

template <>
struct std::hash<Name> {
  std::size_t operator()(const Name& name) const { return std::hash<std::string>()(name.text); }
};

namespace {

using Images = weakref::WeakValueDictionary<std::string, Image>;
using Numbers = weakref::WeakKeyDictionary<Name, int>;

/// A change of the key "a" of a dictionary, or of all keys, in one of the ways that there are.
struct Change {
  const char* name;
  std::function<void(Images&, const strong_ref<Image>&)> apply;
  bool stores;  // the image, under "a"
};

const std::vector<Change> changes{
    {"set", [](Images& d, const strong_ref<Image>& image) { d.set("a", image); }, true},
    {"subscription", [](Images& d, const strong_ref<Image>& image) { d["a"] = image; }, true},
    {"setdefault", [](Images& d, const strong_ref<Image>& image) { d.setdefault("a", image); }, true},
    {"update from pairs", [](Images& d, const strong_ref<Image>& image) { d.update({{"a", image}}); }, true},
    {"update from a dictionary",
     [](Images& d, const strong_ref<Image>& image) { d.update(Images{{"a", image}}); }, true},
    {"union in place",
     [](Images& d, const strong_ref<Image>& image) {
       d |= std::map<std::string, strong_ref<Image>>{{"a", image}};
     },
     true},
    {"assignment of a dictionary with the key",
     [](Images& d, const strong_ref<Image>& image) { d = Images{{"a", image}}; }, true},
    {"erase", [](Images& d, const strong_ref<Image>&) { d.erase("a"); }, false},
    {"del", [](Images& d, const strong_ref<Image>&) { BOOST_CHECK_THROW(d.del("a"), KeyError); }, false},
    {"pop", [](Images& d, const strong_ref<Image>&) { BOOST_CHECK_THROW((void)d.pop("a"), KeyError); },
     false},
    {"pop with a fallback", [](Images& d, const strong_ref<Image>& image) { (void)d.pop("a", image); },
     false},
    {"set and del",
     [](Images& d, const strong_ref<Image>& image) {
       d.set("a", image);
       d.del("a");
     },
     false},
    {"set and popitem",
     [](Images& d, const strong_ref<Image>& image) {
       d.set("a", image);
       (void)d.popitem();
     },
     false},
    {"set of what dies", [](Images& d, const strong_ref<Image>&) { d.set("a", make<Image>(-1)); }, false},
    {"clear", [](Images& d, const strong_ref<Image>&) { d.clear(); }, false},
    {"assignment of an empty dictionary", [](Images& d, const strong_ref<Image>&) { d = Images(); }, false},
    {"assignment of a copy",
     [](Images& d, const strong_ref<Image>&) {
       const Images copied(d);
       d = copied;
     },
     false},
    {"move",
     [](Images& d, const strong_ref<Image>&) {
       Images moved(std::move(d));
       d = std::move(moved);
     },
     false},
    {"swap",
     [](Images& d, const strong_ref<Image>&) {
       Images other;
       d.swap(other);
       d.swap(other);
     },
     false},
};

struct Fixture {
  Images images;
  strong_ref<Image> other = make<Image>(9);
  std::atomic<int> made = 0;

  /// A factory that counts its runs.
  auto factory() {
    return [this] { return make<Image>(++made); };
  }
  /// One that changes the key first.
  auto changing(const std::function<void()>& change) {
    return [this, change] {
      change();
      return make<Image>(++made);
    };
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(creation, Fixture)

// ---- what changes the key meanwhile wins

BOOST_AUTO_TEST_CASE(a_change_by_the_factory_wins) {
  for (const Change& change : changes) {
    BOOST_TEST_CONTEXT(change.name) {
      images.clear();
      made = 0;
      const auto image = images.get_or_create("a", changing([&] { change.apply(images, other); }));
      BOOST_TEST(image->number == 1);
      BOOST_TEST((images.get("a") == (change.stores ? other : strong_ref<Image>())));
      BOOST_TEST(images.size() == (change.stores ? 1U : 0U));
      // Who asks later has another made.
      if (!change.stores) {
        const auto second = images.get_or_create("a", factory());
        BOOST_TEST(second->number == 2);
        BOOST_TEST((images.get("a") == second));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_change_by_another_thread_wins) {
  for (const Change& change : changes) {
    BOOST_TEST_CONTEXT(change.name) {
      images.clear();
      made = 0;
      const auto in_another_thread = [&] { std::jthread([&] { change.apply(images, other); }); };
      const auto image = images.get_or_create("a", changing(in_another_thread));
      BOOST_TEST(image->number == 1);
      BOOST_TEST((images.get("a") == (change.stores ? other : strong_ref<Image>())));
    }
  }
}

BOOST_AUTO_TEST_CASE(changes_of_other_keys_do_not_matter) {
  const auto image = images.get_or_create("a", changing([&] {
                                            images.set("b", other);
                                            images.erase("c");
                                            images.set("d", other);
                                            (void)images.popitem();
                                            (void)images.setdefault("e", other);
                                          }));
  BOOST_TEST((images.get("a") == image));
}

BOOST_AUTO_TEST_CASE(looks_at_the_key_do_not_matter) {
  const auto image = images.get_or_create("a", changing([&] {
                                            BOOST_TEST(!images.contains("a"));
                                            BOOST_TEST((images.get("a") == None));
                                            BOOST_TEST(images.empty());
                                            BOOST_TEST(images.valuerefs().empty());
                                            BOOST_CHECK_THROW((void)images.popitem(), KeyError);
                                          }));
  BOOST_TEST((images.get("a") == image));
}

BOOST_AUTO_TEST_CASE(a_superseded_factory_may_have_its_key_created_anew) {
  strong_ref<Image> second;
  const auto first = images.get_or_create("a", [&] {
    images.erase("a");
    second = images.get_or_create("a", [] { return make<Image>(2); });
    return make<Image>(1);
  });
  BOOST_TEST(first->number == 1);
  BOOST_TEST(second->number == 2);
  BOOST_TEST((images.get("a") == second));
}

BOOST_AUTO_TEST_CASE(what_was_made_anew_may_be_superseded_in_its_turn) {
  const auto first = images.get_or_create("a", [&] {
    images.clear();
    const auto second = images.get_or_create("a", changing([&] { images.set("a", other); }));
    BOOST_TEST((images.get("a") == other));
    return make<Image>(7);
  });
  BOOST_TEST(first->number == 7);
  BOOST_TEST((images.get("a") == other));
}

BOOST_AUTO_TEST_CASE(a_superseded_factory_may_throw) {
  const auto fail = [&]() -> strong_ref<Image> {
    images.set("a", other);
    throw std::logic_error("no image");
  };
  BOOST_CHECK_THROW((void)images.get_or_create("a", fail), std::logic_error);
  BOOST_TEST((images.get("a") == other));
}

BOOST_AUTO_TEST_CASE(equal_keys_of_a_weak_key_dictionary_supersede) {
  Numbers numbers;
  const auto a = make<Name>("a");
  const std::vector<std::function<void()>> all{
      [&] { numbers.erase(*make<Name>("a")); },
      [&] { BOOST_TEST(numbers.pop(make<Name>("a"), 5) == 5); },
      [&] { numbers.clear(); },
      [&] { numbers.set(make<Name>("a"), 5); },
      [&] { BOOST_TEST(numbers.setdefault(make<Name>("a"), 5) == 5); },
      [&] { numbers = Numbers(); },
  };
  for (const auto& change : all) {
    BOOST_TEST(numbers.get_or_create(a, [&] {
      change();
      return 1;
    }) == 1);
    BOOST_TEST(!numbers.contains(a));
  }
  BOOST_TEST(numbers.get_or_create(a, [] { return 2; }) == 2);
  BOOST_TEST(numbers.at(a) == 2);
}

BOOST_AUTO_TEST_CASE(a_creation_is_no_reference_to_its_key) {
  Numbers numbers;
  const auto a = make<Name>("a");
  BOOST_TEST(numbers.get_or_create(a, [&] {
    BOOST_TEST(getweakrefcount(a) == 0U);
    return 1;
  }) == 1);
  BOOST_TEST(getweakrefcount(a) == 1U);
}

BOOST_AUTO_TEST_CASE(no_creation_is_lost_or_stored_late_while_another_thread_erases) {
  std::atomic<int> wrong = 0;
  std::atomic<bool> stop = false;
  // What is stored belongs to the latest creation that began, since one thread only creates.
  std::jthread eraser([&] {
    while (!stop) images.erase("a");
  });
  for (int i = 0; i < 3000; ++i) {
    const auto image = images.get_or_create("a", factory());
    if (image->number != made) ++wrong;
    const auto stored = images.get("a");
    if (stored != None && stored != image) ++wrong;
    images.erase("a");
    if (images.contains("a")) ++wrong;
  }
  stop = true;
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(what_is_set_is_never_overwritten_by_what_was_being_created) {
  std::atomic<int> wrong = 0;
  std::atomic<bool> stop = false;
  std::vector<std::jthread> creators;
  for (int i = 0; i < 2; ++i) {
    creators.emplace_back([&] {
      while (!stop) {
        const auto image = images.get_or_create("a", [] { return make<Image>(-1); });
        if (image == None) ++wrong;
      }
    });
  }
  for (int i = 0; i < 3000; ++i) {
    const auto mine = make<Image>(i);
    images.set("a", mine);
    if (images.get("a") != mine) ++wrong;
    images.erase("a");
  }
  stop = true;
  creators.clear();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(those_who_wait_for_a_superseded_factory_get_what_it_made_or_make_their_own) {
  for (int round = 0; round < 200; ++round) {
    made = 0;
    std::barrier<> started(2);
    strong_ref<Image> awaited;
    std::jthread waiter([&] {
      started.arrive_and_wait();
      awaited = images.get_or_create("a", factory());
    });
    const auto image = images.get_or_create("a", [&] {
      started.arrive_and_wait();
      images.erase("a");
      return make<Image>(0);
    });
    waiter.join();
    BOOST_TEST(image->number == 0);
    BOOST_TEST(awaited->number == made);
    images.clear();
  }
}

// ---- threads that would wait for one another

BOOST_AUTO_TEST_CASE(one_of_two_factories_that_ask_for_each_others_keys_gets_a_runtime_error) {
  for (int round = 0; round < 50; ++round) {
    std::barrier<> both_run(2);
    std::atomic<int> errors = 0;
    const auto ask = [&](const char* mine, const char* theirs, int number) {
      return images.get_or_create(mine, [&, number] {
        both_run.arrive_and_wait();
        try {
          return images.get_or_create(theirs, factory());
        } catch (const RuntimeError&) {
          ++errors;
          return make<Image>(-number);
        }
      });
    };
    strong_ref<Image> a, b;
    std::jthread first([&] { a = ask("a", "b", 1); });
    std::jthread second([&] { b = ask("b", "a", 2); });
    first.join();
    second.join();
    BOOST_TEST(errors == 1);
    BOOST_TEST((a == b && a->number < 0));
    images.clear();
  }
  BOOST_TEST(made == 0);
}

BOOST_AUTO_TEST_CASE(a_cycle_may_lead_through_many_threads_dictionaries_and_types_of_keys) {
  for (int round = 0; round < 50; ++round) {
    Numbers numbers;
    weakref::WeakValueDictionary<int, Image> numbered;
    const auto name = make<Name>("n");
    std::barrier<> all_run(4);
    std::atomic<int> errors = 0;
    // Each creates a key and asks for that of the next.
    const auto or_error = [&](auto ask) {
      all_run.arrive_and_wait();
      try {
        ask();
      } catch (const RuntimeError&) {
        ++errors;
      }
    };
    strong_ref<Image> kept[3];
    {
      std::jthread one([&] {
        kept[0] = images.get_or_create("a", [&] {
          or_error([&] { (void)numbers.get_or_create(make<Name>("n"), [] { return 0; }); });
          return make<Image>();
        });
      });
      std::jthread two([&] {
        (void)numbers.get_or_create(name, [&] {
          or_error([&] { (void)numbered.get_or_create(7, factory()); });
          return 1;
        });
      });
      std::jthread three([&] {
        kept[1] = numbered.get_or_create(7, [&] {
          or_error([&] { (void)images.get_or_create("b", factory()); });
          return make<Image>();
        });
      });
      std::jthread four([&] {
        kept[2] = images.get_or_create("b", [&] {
          or_error([&] { (void)images.get_or_create("a", factory()); });
          return make<Image>();
        });
      });
    }
    BOOST_TEST(errors == 1);
    BOOST_TEST(images.size() == 2U);
    images.clear();
  }
  BOOST_TEST(made == 0);
}

BOOST_AUTO_TEST_CASE(a_chain_of_threads_that_wait_is_no_cycle) {
  constexpr int length = 6;
  std::barrier<> all_run(length);
  std::atomic<int> errors = 0;
  std::vector<strong_ref<Image>> got(length);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < length; ++i) {
      threads.emplace_back([&, i] {
        got[static_cast<std::size_t>(i)] = images.get_or_create(std::to_string(i), [&, i] {
          all_run.arrive_and_wait();
          if (i == 0) return make<Image>(1);
          try {
            return images.get_or_create(std::to_string(i - 1), factory());
          } catch (const RuntimeError&) {
            ++errors;
            return make<Image>(2);
          }
        });
      });
    }
  }
  BOOST_TEST(errors == 0);
  for (const auto& image : got) BOOST_TEST((image == got[0]));
}

BOOST_AUTO_TEST_CASE(a_factory_that_asks_for_its_callers_key_gets_a_runtime_error) {
  const auto image = images.get_or_create("a", [&] {
    return images.get_or_create("b", [&] {
      BOOST_CHECK_THROW((void)images.get_or_create("a", factory()), RuntimeError);
      return make<Image>(5);
    });
  });
  BOOST_TEST(image->number == 5);
  BOOST_TEST((images.get("a") == images.get("b")));
}

// ---- the dictionary goes meanwhile

BOOST_AUTO_TEST_CASE(a_factory_may_destroy_the_dictionary) {
  auto gone = std::make_unique<Images>(Images{{"b", other}});
  const auto image = gone->get_or_create("a", changing([&] { gone.reset(); }));
  BOOST_TEST(image->number == 1);
  BOOST_TEST(getrefcount(image) == 1U);
  BOOST_TEST(getweakrefcount(image) == 0U);
}

BOOST_AUTO_TEST_CASE(a_factory_may_destroy_a_weak_key_dictionary) {
  auto gone = std::make_unique<weakref::WeakKeyDictionary<Name, std::string>>();
  const auto key = make<Name>("a");
  BOOST_TEST(gone->get_or_create(key, [&] {
    gone.reset();
    return std::string("made");
  }) == "made");
  BOOST_TEST(getrefcount(key) == 1U);
  BOOST_TEST(getweakrefcount(key) == 0U);
}

BOOST_AUTO_TEST_CASE(a_factory_that_throws_may_have_destroyed_the_dictionary) {
  auto gone = std::make_unique<Images>();
  const auto fail = [&]() -> strong_ref<Image> {
    gone.reset();
    throw std::logic_error("no image");
  };
  BOOST_CHECK_THROW((void)gone->get_or_create("a", fail), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_factory_may_destroy_the_dictionary_in_which_another_thread_waits) {
  for (int round = 0; round < 50; ++round) {
    auto gone = std::make_unique<Images>();
    std::barrier<> started(2);
    strong_ref<Image> awaited;
    std::jthread creator([&, &d = *gone] {
      (void)d.get_or_create("a", [&] {
        started.arrive_and_wait();
        return make<Image>(1);
      });
    });
    started.arrive_and_wait();
    awaited = gone->get_or_create("a", [&] {
      gone.reset();
      return make<Image>(2);
    });
    creator.join();
    BOOST_TEST((awaited->number == 1 || gone == nullptr));
  }
}

// ---- keys

/// Counts how often it is made and copied.
struct Key {
  static inline int made = 0;
  explicit Key(std::string_view t) : text(t) { ++made; }
  Key(const Key& copied) : text(copied.text) { ++made; }
  Key(Key&&) = default;
  std::string text;
};
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  std::size_t operator()(const Key& key) const { return (*this)(key.text); }
};
struct TextEqual {
  using is_transparent = void;
  bool operator()(const Key& a, const Key& b) const { return a.text == b.text; }
  bool operator()(const Key& a, std::string_view b) const { return a.text == b; }
};

BOOST_AUTO_TEST_CASE(a_value_that_is_there_is_got_without_a_key) {
  weakref::WeakValueDictionary<Key, Image, TextHash, TextEqual> keyed;
  const auto image = keyed.get_or_create(std::string_view("a"), factory());
  Key::made = 0;
  BOOST_TEST((keyed.get_or_create(std::string_view("a"), factory()) == image));
  BOOST_TEST((keyed.get_or_create(std::string_view("a"), factory()) == keyed.get(std::string_view("a"))));
  BOOST_TEST(Key::made == 0);
  const Key key("a");
  BOOST_TEST((keyed.get_or_create(key, factory()) == image));
  BOOST_TEST(Key::made == 1);
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_CASE(a_factory_may_take_the_key) {
  Images named;
  const auto image = named.get_or_create(
      "four", [](const std::string& key) { return make<Image>(static_cast<int>(key.size())); });
  BOOST_TEST(image->number == 4);
  Numbers numbers;
  const auto key = make<Name>("three");
  BOOST_TEST(numbers.get_or_create(
                 key, [](const strong_ref<Name>& n) { return static_cast<int>(n->text.size()); }) == 5);
}

BOOST_AUTO_TEST_CASE(a_factory_that_can_be_called_both_ways_is_called_without_the_key) {
  struct Both {
    strong_ref<Image> operator()() const { return make<Image>(1); }
    strong_ref<Image> operator()(const std::string&) const { return make<Image>(2); }
  };
  BOOST_TEST(images.get_or_create("a", Both())->number == 1);
}

BOOST_AUTO_TEST_CASE(a_factory_that_takes_the_key_may_be_movable_only) {
  const auto image = images.get_or_create(
      "a", [n = std::make_unique<int>(3)](const std::string&) { return make<Image>(*n); });
  BOOST_TEST(image->number == 3);
}

BOOST_AUTO_TEST_CASE(what_was_created_comes_last_in_the_order) {
  const auto image = images.get_or_create("a", changing([&] { images.set("b", other); }));
  std::vector<std::string> keys;
  for (const auto& key : images) keys.push_back(key);
  BOOST_TEST(keys == (std::vector<std::string>{"b", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
