#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What a WeakKeyDictionary does when its keys, its values and itself die, in any order; and when the code of
// keys and values uses it meanwhile.

namespace {

using boost::test_tools::per_element;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

using Log = std::vector<std::string>;

/// A key whose == and hash call what a test sets.
struct Key : weakref::object {
  static inline std::function<void(const Key&)> on_equal, on_hash;

  explicit Key(int n) : number(n) {}
  friend bool operator==(const Key& a, const Key& b) {
    a.run(on_equal);
    return a.number == b.number;
  }
  /// Once: what a hook does may run the same hook.
  void run(std::function<void(const Key&)>& hook) const {
    if (hook) std::exchange(hook, nullptr)(*this);
  }
  int number;
};

/// A key that kills the last of the others whenever it is compared.
struct Mutating : weakref::object {
  static inline std::vector<strong_ref<Mutating>>* victims = nullptr;
  explicit Mutating(int n) : number(n) {}
  friend bool operator==(const Mutating& a, const Mutating& b) {
    if (victims != nullptr && !victims->empty()) victims->pop_back();
    return a.number == b.number;
  }
  int number;
};

/// Calls what it is given when it is destroyed.
struct Guest : weakref::object {
  explicit Guest(std::function<void()> f) : on_destroy(std::move(f)) {}
  ~Guest() override {
    if (on_destroy) on_destroy();
  }
  std::function<void()> on_destroy;
};

}  // namespace

template <>
struct std::hash<Mutating> {
  std::size_t operator()(const Mutating& key) const { return static_cast<std::size_t>(key.number); }
};

/// Few hashes, so that keys meet.
template <>
struct std::hash<Key> {
  std::size_t operator()(const Key& key) const {
    key.run(Key::on_hash);
    return static_cast<std::size_t>(key.number % 2);
  }
};

namespace {

using Keyed = weakref::WeakKeyDictionary<Key, int>;
using Guests = weakref::WeakKeyDictionary<Key, strong_ref<Guest>>;

struct Fixture {
  Fixture() = default;
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() { Key::on_equal = Key::on_hash = nullptr; }

  void fill(int n) {
    owners.clear();
    keyed->clear();
    for (int i = 0; i < n; ++i) {
      owners.push_back(make<Key>(i));
      keyed->set(owners.back(), i);
    }
  }
  [[nodiscard]] std::vector<int> numbers() const {
    std::vector<int> found;
    for (const auto& one : *keyed) found.push_back(one->number);
    return found;
  }

  strong_ref<Key> key = make<Key>(100);
  std::vector<strong_ref<Key>> owners;
  std::optional<Keyed> keyed{std::in_place};
  std::optional<Guests> guests{std::in_place};
  Log log;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_key_dictionary_death, Fixture)

// ---- a key dies

BOOST_AUTO_TEST_CASE(the_entry_is_gone_before_any_callback_runs) {
  const auto look = [this](const weakref::ref<Key>&) { log.push_back(std::to_string(keyed->size())); };
  const weakref::ref older(key, look);
  keyed->set(key, 1);
  const weakref::ref newer(key, look);
  key.reset();
  BOOST_TEST(log == (Log{"0", "0"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_value_is_destroyed_in_the_entrys_own_place_among_the_callbacks) {
  const weakref::ref older(key, [this](const weakref::ref<Key>&) { log.push_back("older"); });
  guests->set(key, make<Guest>([this] { log.push_back("first value"); }));
  const weakref::ref newer(key, [this](const weakref::ref<Key>&) { log.push_back("newer"); });
  guests->set(key, make<Guest>([this] { log.push_back("value"); }));
  BOOST_TEST(log == (Log{"first value"}), per_element());
  key.reset();
  BOOST_TEST(log == (Log{"first value", "newer", "value", "older"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_value_that_is_destroyed_sees_the_dictionary_without_its_entry) {
  guests->set(key, make<Guest>([this] { log.push_back(std::to_string(guests->size())); }));
  key.reset();
  BOOST_TEST(log == (Log{"0"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_value_is_destroyed_at_the_death_though_the_entry_is_held) {
  guests->set(key, make<Guest>([this] { log.push_back("value"); }));
  const auto references = guests->keyrefs();
  key.reset();
  BOOST_TEST(log == (Log{"value"}), per_element());
  BOOST_TEST(references[0].expired());
}

BOOST_AUTO_TEST_CASE(a_key_that_dies_in_a_clear_is_destroyed_before_the_value_of_its_own_entry) {
  Log log;
  const auto a = make<Guest>([] {});
  auto b = make<Guest>([&log] { log.emplace_back("b"); });
  auto c = make<Guest>([&log] { log.emplace_back("c"); });
  weakref::WeakKeyDictionary<Guest, strong_ref<Guest>> d;
  d.set(a, b);
  d.set(b, c);
  b.reset();
  c.reset();
  d.clear();
  BOOST_TEST(log == (Log{"b", "c"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_to_life_again_keeps_its_entry) {
  struct Phoenix : weakref::object {
    explicit Phoenix(strong_ref<Phoenix>& n) : nest(n) {}
    void del() override { nest = strong_ref<Phoenix>(this); }
    strong_ref<Phoenix>& nest;
  };
  strong_ref<Phoenix> nest;
  weakref::WeakKeyDictionary<Phoenix, int> births;
  auto phoenix = make<Phoenix>(nest);
  births[phoenix] = 1;
  phoenix.reset();
  BOOST_TEST(births.at(nest) == 1);
  nest.reset();
  BOOST_TEST(births.empty());
}

BOOST_AUTO_TEST_CASE(a_key_is_gone_when_its_destructor_runs) {
  struct Late : weakref::object {
    explicit Late(weakref::WeakIdKeyDictionary<Late, int>& d, bool& g) : all(d), gone(g) {}
    ~Late() override { gone = all.empty() && !all.contains(*this); }
    weakref::WeakIdKeyDictionary<Late, int>& all;
    bool& gone;
  };
  weakref::WeakIdKeyDictionary<Late, int> all;
  bool gone = false;
  auto late = make<Late>(all, gone);
  all[late] = 1;
  late.reset();
  BOOST_TEST(gone);
}

BOOST_AUTO_TEST_CASE(values_may_own_keys_of_the_same_dictionary) {
  struct Link : weakref::object {};
  weakref::WeakKeyDictionary<Link, strong_ref<Link>> chain;
  auto head = make<Link>();
  auto last = head;
  for (int i = 1; i < 200'000; ++i) {
    auto next = make<Link>();
    chain.set(last, next);
    last = std::move(next);
  }
  last.reset();
  BOOST_TEST(chain.size() == 199'999U);
  head.reset();
  BOOST_TEST(chain.empty());
}

BOOST_AUTO_TEST_CASE(half_dead_objects_read_as_dead_in_a_deep_chain) {  // test_trashcan_16602
  struct Node : weakref::object {
    strong_ref<Node> parent;
  };
  weakref::WeakKeyDictionary<Node, int> all;
  std::vector<weakref::ref<Node>> watches;
  std::size_t alive = 0;
  strong_ref<Node> leaf;
  for (int i = 0; i < 100'000; ++i) {
    auto node = make<Node>();
    node->parent = std::move(leaf);
    if (node->parent != None) {
      const weakref::ref parent{node->parent};
      watches.emplace_back(node, [&, parent](const weakref::ref<Node>& dead) {
        alive += !dead.expired();
        (void)parent();
      });
    }
    all[node] = i;
    leaf = std::move(node);
  }
  leaf.reset();
  BOOST_TEST(all.empty());
  BOOST_TEST(alive == 0U);
}

// ---- the dictionary dies

BOOST_AUTO_TEST_CASE(the_dictionary_dies_first) {
  fill(5);
  keyed.reset();
  for (const auto& owner : owners) BOOST_TEST(getweakrefcount(owner) == 0U);
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_last) {
  fill(5);
  owners.clear();
  BOOST_TEST(keyed->empty());
  keyed.reset();
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_a_callback_of_its_key) {
  fill(5);
  const weakref::ref watch(owners[1], [this](const weakref::ref<Key>&) { keyed.reset(); });
  keyed->set(owners[1], 7);
  owners[1].reset();
  BOOST_TEST(!keyed.has_value());
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_the_destruction_of_its_value) {
  for (const auto& act : std::vector<std::function<void()>>{
           [this] { key.reset(); },
           [this] { guests->clear(); },
           [this] { guests->del(key); },
           [this] { guests->set(key, None); },
           [this] { (void)guests->pop(key); },
           [this] { (void)guests->popitem(); },
       }) {
    if (key == None) key = make<Key>(1);
    const auto other = make<Key>(2);
    guests.emplace();
    guests->set(key, make<Guest>([this] {
                  if (guests.has_value()) guests.reset();
                }));
    guests->set(other, None);
    guests->del(other);
    act();
    BOOST_TEST(!guests.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_value_may_own_its_dictionary) {
  struct Owner : weakref::object {
    weakref::WeakKeyDictionary<Key, strong_ref<Owner>> all;
  };
  auto owner = make<Owner>();
  owner->all[key] = owner;
  const weakref::ref watch{owner};
  owner.reset();
  BOOST_TEST(!watch.expired());
  key.reset();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(a_key_may_own_its_dictionary) {
  struct Registry : weakref::object {
    weakref::WeakKeyDictionary<Registry, int> known;
  };
  auto registry = make<Registry>();
  registry->known[registry] = 1;
  const weakref::ref watch{registry};
  registry.reset();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(keys_outlive_a_dictionary_whose_references_are_held) {
  fill(1);
  const auto references = keyed->keyrefs();
  keyed.reset();
  BOOST_TEST(references[0]() == owners[0]);
  owners.clear();
  BOOST_TEST(references[0].expired());
}

// ---- the code of keys and values uses the dictionary

BOOST_AUTO_TEST_CASE(a_cascade_of_deaths_in_an_equality_leaves_the_look_up_right) {
  // test_weak_keyed_cascading_deletes: each comparison kills the key that the loop would come to last.
  weakref::WeakKeyDictionary<Mutating, int> all;
  std::vector<strong_ref<Mutating>> keys;
  for (int i = 0; i < 4; ++i) {
    keys.push_back(make<Mutating>(i));
    all[keys.back()] = i;
  }
  keys.assign(all.begin(), all.end());
  std::ranges::reverse(keys);
  Mutating::victims = &keys;
  int count = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ++count;
    all.del(keys[i]);
  }
  Mutating::victims = nullptr;
  BOOST_TEST(all.empty());
  BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(an_equality_may_drop_the_very_key_that_is_looked_up) {
  fill(4);
  strong_ref<Key> wanted = make<Key>(2);
  Key::on_equal = [&](const Key&) { wanted.reset(); };
  BOOST_TEST(keyed->at(wanted) == 2);
  wanted = make<Key>(2);
  Key::on_equal = [&](const Key&) { wanted.reset(); };
  keyed->del(wanted);
  BOOST_TEST(keyed->size() == 3U);
  Key::on_equal = nullptr;
  Key::on_hash = [&](const Key&) { key.reset(); };
  keyed->set(key, 5);
  BOOST_TEST(keyed->size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_kill_the_key_that_it_compares) {
  fill(6);
  Key::on_equal = [this](const Key& compared) { owners[static_cast<std::size_t>(compared.number)].reset(); };
  const auto wanted = make<Key>(2);
  BOOST_TEST(keyed->contains(wanted));
  BOOST_TEST(keyed->size() == 5U);
  fill(2);
  Key::on_equal = [this](const Key&) { owners.clear(); };
  BOOST_TEST((keyed->pop(make<Key>(1), -1) == -1));
  BOOST_TEST(keyed->empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_dies_of_being_found_equal_is_not_found) {
  const auto wanted = make<Key>(2);
  const auto will_kill = [this] {
    fill(0);
    owners.push_back(make<Key>(2));
    keyed->set(owners.back(), 2);
    Key::on_equal = [this](const Key&) { owners.clear(); };
  };
  will_kill();
  BOOST_TEST(!keyed->contains(wanted));
  BOOST_TEST(keyed->empty());
  will_kill();
  BOOST_TEST((keyed->get(wanted) == None));
  will_kill();
  BOOST_CHECK_THROW(keyed->at(wanted), weakref::KeyError);
  will_kill();
  BOOST_TEST((keyed->pop(wanted, -1) == -1));
  will_kill();
  BOOST_CHECK_THROW(keyed->del(wanted), weakref::KeyError);
  will_kill();
  BOOST_TEST(keyed->setdefault(wanted, 7) == 7);
  will_kill();
  keyed->set(wanted, 8);
  BOOST_TEST(keyed->at(wanted) == 8);
  BOOST_TEST(keyed->size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_erase_what_is_looked_up) {
  for (const auto& take : std::vector<std::function<bool(const strong_ref<Key>&)>>{
           [this](const auto& k) { return keyed->contains(k); },
           [this](const auto& k) { return keyed->erase(k) != 0; },
           [this](const auto& k) { return keyed->pop(k, -1) != -1; },
           [this](const auto& k) { return keyed->get(k) != None; },
       }) {
    fill(4);
    Key::on_equal = [this](const Key&) { keyed->del(owners[2]); };
    BOOST_TEST(!take(owners[2]));
    BOOST_TEST(keyed->size() == 3U);
  }
}

BOOST_AUTO_TEST_CASE(an_equality_may_clear_or_fill_the_dictionary) {
  fill(4);
  Key::on_equal = [this](const Key&) { keyed->clear(); };
  keyed->set(owners[2], 7);
  BOOST_TEST(numbers() == (std::vector<int>{2}), per_element());
  fill(4);
  std::vector<strong_ref<Key>> more;
  Key::on_equal = [&](const Key&) {
    for (int i = 10; i < 60; ++i) keyed->set(more.emplace_back(make<Key>(i)), i);
  };
  BOOST_TEST(keyed->at(owners[0]) == 0);
  BOOST_TEST(keyed->size() == 54U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_set_what_is_being_set) {
  fill(4);
  const auto fresh = make<Key>(6), same = make<Key>(6);
  Key::on_equal = [&](const Key&) { keyed->set(same, 1); };
  keyed->set(fresh, 2);
  BOOST_TEST(keyed->at(same) == 2);
  BOOST_TEST(keyed->size() == 5U);
  keyed->del(same);
  Key::on_equal = [&](const Key&) { keyed->set(same, 1); };
  BOOST_TEST(keyed->setdefault(fresh, 2) == 1);
}

BOOST_AUTO_TEST_CASE(an_equality_may_destroy_the_dictionary) {
  fill(4);
  Key::on_equal = [this](const Key&) { keyed.reset(); };
  BOOST_TEST((keyed->get(owners[2]) == None));
  BOOST_TEST(!keyed.has_value());
  keyed.emplace();
  fill(4);
  Key::on_equal = [this](const Key&) { keyed.reset(); };
  BOOST_TEST(!keyed->contains(owners[2]));
}

BOOST_AUTO_TEST_CASE(a_hash_may_use_the_dictionary) {
  fill(4);
  Key::on_hash = [this](const Key&) { keyed->del(owners[1]); };
  BOOST_TEST(keyed->at(owners[2]) == 2);
  BOOST_TEST(numbers() == (std::vector<int>{0, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(a_values_destruction_may_use_the_dictionary) {
  const auto other = make<Key>(7);
  const auto guest = [&] { return make<Guest>([&] { guests->set(other, None); }); };
  guests->set(key, guest());
  guests->set(key, None);
  BOOST_TEST(guests->size() == 2U);
  guests->set(key, guest());
  guests->clear();
  BOOST_TEST(guests->size() == 1U);
  guests->clear();
  guests->set(key, guest());
  guests->del(key);
  BOOST_TEST(guests->contains(other));
  guests->clear();
  guests->set(key, guest());
  key.reset();
  BOOST_TEST(guests->contains(other));
}

BOOST_AUTO_TEST_CASE(a_value_that_is_replaced_sees_the_new_one) {
  guests->set(key, make<Guest>([this] { log.push_back(guests->at(key) == None ? "new" : "old"); }));
  guests->set(key, None);
  BOOST_TEST(log == (Log{"new"}), per_element());
}

// ---- the code of keys throws

BOOST_AUTO_TEST_CASE(what_a_hash_or_an_equality_throws_loses_nothing) {
  fill(4);
  const auto fresh = make<Key>(8);
  const auto fail = [](const Key&) { throw std::runtime_error("no"); };
  for (const auto& act : std::vector<std::function<void()>>{
           [&] { (void)keyed->get(owners[2]); },
           [&] { (void)keyed->pop(owners[2]); },
           [&] { keyed->del(owners[2]); },
           [&] { keyed->set(owners[2], 9); },
           [&] { keyed->set(fresh, 9); },
           [&] { keyed->setdefault(fresh, 9); },
           [&] { (void)keyed->copy(); },
           [&] { (void)(*keyed == *keyed); },
       }) {
    for (auto* hook : {&Key::on_hash, &Key::on_equal}) {
      *hook = fail;
      BOOST_CHECK_THROW(act(), std::runtime_error);
      *hook = nullptr;
      BOOST_TEST(numbers() == (std::vector<int>{0, 1, 2, 3}), per_element());
      BOOST_TEST(keyed->at(owners[2]) == 2);
      BOOST_TEST(getweakrefcount(fresh) == 0U);
      BOOST_TEST(getrefcount(fresh) == 1U);
      for (const auto& owner : owners) BOOST_TEST(getrefcount(owner) == 1U);
    }
  }
}

// ---- many

BOOST_AUTO_TEST_CASE(a_hundred_thousand_entries_come_and_go) {
  weakref::WeakIdKeyDictionary<Key, std::string> crowd;
  for (int i = 0; i < 100'000; ++i) {
    owners.push_back(make<Key>(i));
    crowd[owners.back()] = "value";
  }
  BOOST_TEST(crowd.size() == owners.size());
  for (std::size_t i = 0; i < owners.size(); i += 2) owners[i].reset();
  BOOST_TEST(crowd.size() == owners.size() / 2);
  BOOST_TEST(crowd.at(owners[1]) == "value");
  owners.clear();
  BOOST_TEST(crowd.empty());
}

BOOST_AUTO_TEST_CASE(one_key_leaves_all_its_dictionaries) {
  std::vector<weakref::WeakKeyDictionary<Key, int>> all(100);
  for (auto& one : all) one[key] = 1;
  BOOST_TEST(getweakrefcount(key) == 100U);
  key.reset();
  for (const auto& one : all) BOOST_TEST(one.empty());
}

BOOST_AUTO_TEST_SUITE_END()
