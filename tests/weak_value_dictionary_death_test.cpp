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

// What a WeakValueDictionary does when its values, its keys and itself die, in any order; and when the code
// of keys uses it meanwhile.

namespace {

using boost::test_tools::per_element;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

struct Image : weakref::object {};
using Watch = weakref::ref<Image>;
using Images = weakref::WeakValueDictionary<std::string, Image>;
using Log = std::vector<std::string>;

/// A key that counts its instances, and whose destructor, == and hash call what a test sets.
struct Key {
  static inline int instances = 0;
  static inline std::function<void(const Key&)> on_destroy, on_equal, on_hash;

  explicit Key(int n) : number(n) { ++instances; }
  Key(const Key& other) : number(other.number) { ++instances; }
  Key(Key&& other) noexcept : number(std::exchange(other.number, 0)) { ++instances; }
  Key& operator=(const Key&) = default;
  ~Key() {
    --instances;
    if (number != 0) run(on_destroy);  // 0: it was moved from
  }
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

/// Few hashes, so that keys meet.
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    key.run(Key::on_hash);
    return static_cast<std::size_t>(key.number % 2);
  }
};

using Keyed = weakref::WeakValueDictionary<Key, Image, KeyHash>;

struct Fixture {
  Fixture() = default;
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() {
    Key::on_destroy = Key::on_equal = Key::on_hash = nullptr;
    keyed.reset();
    BOOST_TEST(Key::instances == 0);
  }

  /// A dictionary of the keys 1 to n, each of its own value.
  void fill(int n) {
    for (int i = 1; i <= n; ++i) {
      owners.push_back(make<Image>());
      keyed->set(Key(i), owners.back());
    }
  }
  [[nodiscard]] std::vector<int> numbers() const {
    std::vector<int> found;
    for (const Key& key : *keyed) found.push_back(key.number);
    return found;
  }

  strong_ref<Image> image = make<Image>();
  std::vector<strong_ref<Image>> owners;
  std::optional<Keyed> keyed{std::in_place};
  Log log;
};

/// Comes to life again in its del(), once.
struct Phoenix : weakref::object {
  explicit Phoenix(strong_ref<Phoenix>& n) : nest(n) {}
  void del() override { nest = strong_ref<Phoenix>(this); }
  strong_ref<Phoenix>& nest;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_value_dictionary_death, Fixture)

// ---- a value dies

BOOST_AUTO_TEST_CASE(the_entry_is_gone_before_any_callback_runs) {
  Images images{{"a", image}};
  const auto look = [&](const Watch&) {
    log.push_back(std::to_string(images.size()) + std::to_string(images.contains("a")));
  };
  const Watch older(image, look);
  images.set("b", image);
  const Watch newer(image, look);
  image.reset();
  BOOST_TEST(log == (Log{"00", "00"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_callback_may_put_the_key_back) {
  Images images{{"a", image}};
  const auto other = make<Image>();
  const Watch watch(image, [&](const Watch&) { images.set("a", other); });
  image.reset();
  BOOST_TEST(images.at("a") == other);
}

BOOST_AUTO_TEST_CASE(the_key_is_destroyed_at_once) {
  fill(3);
  BOOST_TEST(Key::instances == 3);
  owners.pop_back();
  BOOST_TEST(Key::instances == 2);
  owners.clear();
  BOOST_TEST(Key::instances == 0);
}

BOOST_AUTO_TEST_CASE(a_key_is_destroyed_in_its_entrys_place_among_the_callbacks) {
  const Watch older(image, [this](const Watch&) { log.push_back("older"); });
  keyed->set(Key(1), image);
  const Watch newer(image, [this](const Watch&) { log.push_back("newer"); });
  Key::on_destroy = [this](const Key&) { log.push_back("key"); };
  image.reset();
  BOOST_TEST(log == (Log{"newer", "key", "older"}), per_element());
}

BOOST_AUTO_TEST_CASE(keys_of_one_value_are_destroyed_newest_first) {
  for (int i = 1; i <= 3; ++i) keyed->set(Key(i), image);
  std::vector<int> gone;
  std::function<void(const Key&)> note = [&](const Key& key) {
    gone.push_back(key.number);
    Key::on_destroy = note;
  };
  Key::on_destroy = note;
  image.reset();
  BOOST_TEST(gone == (std::vector<int>{3, 2, 1}), per_element());
}

BOOST_AUTO_TEST_CASE(a_key_dies_with_its_last_reference_when_the_reference_is_held) {
  keyed->set(Key(1), image);
  auto references = keyed->valuerefs();
  image.reset();
  BOOST_TEST(Key::instances == 1);
  BOOST_TEST(references[0]->key().number == 1);
  references.clear();
  BOOST_TEST(Key::instances == 0);
}

BOOST_AUTO_TEST_CASE(a_value_leaves_every_dictionary_and_every_key) {
  Images one{{"a", image}, {"b", image}, {"c", make<Image>()}};
  Images two{{"d", image}};
  keyed->set(Key(1), image);
  BOOST_TEST(getweakrefcount(image) == 4U);
  image.reset();
  BOOST_TEST(one.empty());
  BOOST_TEST(two.empty());
  BOOST_TEST(keyed->empty());
}

BOOST_AUTO_TEST_CASE(resurrection_keeps_the_entry) {
  strong_ref<Phoenix> nest;
  weakref::WeakValueDictionary<int, Phoenix> birds{{1, make<Phoenix>(nest)}};
  BOOST_TEST_REQUIRE((nest != None));
  BOOST_TEST(birds.at(1) == nest);
  nest.reset();
  BOOST_TEST(birds.empty());
}

BOOST_AUTO_TEST_CASE(a_value_is_found_in_its_del) {
  struct Last : weakref::object {
    explicit Last(weakref::WeakValueDictionary<int, Last>& d, int& n) : all(d), found(n) {}
    void del() override { found = all.at(1).get() == this ? 1 : 2; }
    weakref::WeakValueDictionary<int, Last>& all;
    int& found;
  };
  weakref::WeakValueDictionary<int, Last> all;
  int found = 0;
  auto last = make<Last>(all, found);
  all.set(1, last);
  last.reset();
  BOOST_TEST(found == 1);
  BOOST_TEST(all.empty());
}

BOOST_AUTO_TEST_CASE(a_value_is_gone_when_its_destructor_runs) {
  struct Late : weakref::object {
    explicit Late(weakref::WeakValueDictionary<int, Late>& d, bool& g) : all(d), gone(g) {}
    ~Late() override { gone = all.empty() && all.get(1) == None; }
    weakref::WeakValueDictionary<int, Late>& all;
    bool& gone;
  };
  weakref::WeakValueDictionary<int, Late> all;
  bool gone = false;
  auto late = make<Late>(all, gone);
  all.set(1, late);
  late.reset();
  BOOST_TEST(gone);
}

BOOST_AUTO_TEST_CASE(values_may_own_values_of_the_same_dictionary) {
  struct Link : weakref::object {
    strong_ref<Link> next;
  };
  weakref::WeakValueDictionary<int, Link> links;
  auto head = make<Link>();
  links.set(0, head);
  for (int i = 1; i < 1000; ++i) {
    auto link = make<Link>();
    link->next = std::move(head);
    head = std::move(link);
    links.set(i, head);
  }
  BOOST_TEST(links.size() == 1000U);
  head.reset();
  BOOST_TEST(links.empty());
}

BOOST_AUTO_TEST_CASE(a_dictionary_may_belong_to_its_own_value) {
  struct Registry : weakref::object {
    weakref::WeakValueDictionary<int, Registry> known;
  };
  auto registry = make<Registry>();
  registry->known.set(1, registry);
  const weakref::ref watch(registry);
  registry.reset();
  BOOST_TEST(watch.expired());
}

// ---- a value is replaced

BOOST_AUTO_TEST_CASE(the_death_of_a_replaced_value_does_not_remove_the_new_one) {  // bpo-28427
  Images images{{"a", image}};
  const auto replaced = images.valuerefs();
  const auto other = make<Image>();
  images.set("a", other);
  image.reset();
  BOOST_TEST(images.size() == 1U);
  BOOST_TEST(images.at("a") == other);
}

BOOST_AUTO_TEST_CASE(the_death_of_a_deleted_value_does_not_remove_what_came_after) {
  Images images{{"a", image}};
  const auto deleted = images.valuerefs();
  const auto other = make<Image>();
  images.del("a");
  images.set("a", other);
  image.reset();
  BOOST_TEST(images.at("a") == other);
}

BOOST_AUTO_TEST_CASE(a_callback_that_replaces_a_dying_value_keeps_the_new_one) {
  Images images;
  const auto other = make<Image>();
  const Watch older(image, [&](const Watch&) { log.push_back(std::to_string(images.size())); });
  images.set("a", image);
  const Watch newer(image, [&](const Watch&) { images.set("a", other); });
  image.reset();
  BOOST_TEST(images.at("a") == other);
  BOOST_TEST(log == (Log{"1"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_key_is_destroyed_when_its_value_is_replaced) {
  keyed->set(Key(1), image);
  keyed->set(Key(1), make<Image>());
  keyed->set(Key(1), image);
  BOOST_TEST(Key::instances == 1);
}

// ---- the dictionary dies

BOOST_AUTO_TEST_CASE(the_dictionary_dies_first) {
  fill(5);
  keyed.reset();
  BOOST_TEST(Key::instances == 0);
  for (const auto& owner : owners) BOOST_TEST(getweakrefcount(owner) == 0U);
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_last) {
  fill(5);
  owners.clear();
  BOOST_TEST(keyed->empty());
  keyed.reset();
  BOOST_TEST(Key::instances == 0);
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_a_callback_of_its_value) {
  keyed->set(Key(1), image);
  keyed->set(Key(2), image);
  fill(3);
  const Watch watch(image, [this](const Watch&) { keyed.reset(); });
  image.reset();
  BOOST_TEST(Key::instances == 0);
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_an_older_callback_of_its_value) {
  const Watch watch(image, [this](const Watch&) { keyed.reset(); });
  keyed->set(Key(1), image);
  fill(3);
  image.reset();
  BOOST_TEST(!keyed.has_value());
  BOOST_TEST(Key::instances == 0);
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_a_keys_destructor_when_a_value_dies) {
  keyed->set(Key(5), image);
  keyed->set(Key(6), image);
  fill(3);
  Key::on_destroy = [this](const Key&) { keyed.reset(); };
  image.reset();
  BOOST_TEST(!keyed.has_value());
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_a_keys_destructor_when_an_entry_is_taken_out) {
  fill(3);
  Key::on_destroy = [this](const Key&) { keyed.reset(); };
  (void)keyed->popitem();
  BOOST_TEST(!keyed.has_value());
}

BOOST_AUTO_TEST_CASE(the_dictionary_dies_in_a_keys_destructor_when_it_is_cleared) {
  fill(3);
  Key::on_destroy = [this](const Key&) { keyed.reset(); };
  keyed->clear();
  BOOST_TEST(!keyed.has_value());
}

BOOST_AUTO_TEST_CASE(values_outlive_a_dictionary_whose_references_are_held) {
  auto images = std::make_unique<Images>();
  images->set("a", image);
  const auto references = images->valuerefs();
  images.reset();
  BOOST_TEST(references[0]() == image);
  image.reset();
  BOOST_TEST(references[0]->expired());
}

// ---- the code of keys uses the dictionary

BOOST_AUTO_TEST_CASE(a_hash_may_use_the_dictionary) {
  fill(3);
  Key::on_hash = [this](const Key&) { keyed->del(Key(1)); };
  BOOST_TEST(keyed->get(Key(2)) == owners[1]);
  BOOST_TEST(numbers() == (std::vector<int>{2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(an_equality_may_add_entries) {
  fill(3);
  Key::on_equal = [this](const Key&) {
    for (int i = 10; i < 50; ++i) keyed->set(Key(i), image);
  };
  BOOST_TEST(keyed->get(Key(1)) == owners[0]);
  BOOST_TEST(keyed->size() == 43U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_erase_the_entry_being_compared) {
  fill(6);
  Key::on_equal = [this](const Key& compared) { keyed->del(Key(compared.number)); };
  BOOST_TEST(keyed->get(Key(6)) == owners[5]);
  BOOST_TEST(keyed->size() == 5U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_erase_the_entry_that_is_wanted) {
  fill(4);
  for (const auto& erase : std::vector<std::function<bool(const Key&)>>{
           [this](const Key& key) { return keyed->contains(key); },
           [this](const Key& key) { return keyed->erase(key) != 0; },
           [this](const Key& key) { return keyed->pop(key, None) != None; },
       }) {
    keyed->set(Key(2), owners[1]);
    Key::on_equal = [this](const Key&) { keyed->del(Key(2)); };
    BOOST_TEST(!erase(Key(2)));
  }
  BOOST_TEST(keyed->size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_clear_the_dictionary_during_a_set) {
  fill(4);
  Key::on_equal = [this](const Key&) { keyed->clear(); };
  keyed->set(Key(2), image);
  BOOST_TEST(numbers() == (std::vector<int>{2}), per_element());
  BOOST_TEST(keyed->at(Key(2)) == image);
}

BOOST_AUTO_TEST_CASE(an_equality_may_set_the_key_that_is_being_set) {
  fill(4);
  keyed->del(Key(2));
  Key::on_equal = [this](const Key&) { keyed->set(Key(2), owners[0]); };
  keyed->set(Key(2), image);
  BOOST_TEST(keyed->at(Key(2)) == image);
  BOOST_TEST(keyed->size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_set_the_key_that_is_being_set_by_default) {
  fill(4);
  keyed->del(Key(2));
  Key::on_equal = [this](const Key&) { keyed->set(Key(2), owners[0]); };
  BOOST_TEST(keyed->setdefault(Key(2), image) == owners[0]);
  BOOST_TEST(keyed->size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_destroy_the_values) {
  fill(6);
  Key::on_equal = [this](const Key&) { owners.clear(); };
  BOOST_TEST((keyed->get(Key(1)) == None));
  BOOST_TEST(keyed->empty());
}

BOOST_AUTO_TEST_CASE(an_equality_may_destroy_the_value_that_is_being_set) {
  fill(4);
  Key::on_equal = [this](const Key&) { image.reset(); };
  keyed->set(Key(2), image);
  BOOST_TEST(!keyed->contains(Key(2)));
  BOOST_TEST(keyed->size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_equality_may_destroy_the_value_that_is_being_set_by_default) {
  fill(4);
  keyed->del(Key(2));
  Key::on_equal = [this](const Key&) { image.reset(); };
  BOOST_TEST((keyed->setdefault(Key(2), image) != None));
  BOOST_TEST(!keyed->contains(Key(2)));
}

BOOST_AUTO_TEST_CASE(a_hash_may_destroy_the_value_that_is_being_set) {
  fill(2);
  Key::on_hash = [this](const Key&) { image.reset(); };
  keyed->set(Key(4), image);
  BOOST_TEST(numbers() == (std::vector<int>{1, 2}), per_element());
}

BOOST_AUTO_TEST_CASE(a_cascade_of_deaths_in_an_equality_leaves_the_look_up_right) {
  // After test_weak_keyed_cascading_deletes: every comparison kills another value.
  constexpr int count = 20;
  fill(count);
  std::function<void(const Key&)> kill = [&](const Key&) {
    if (!owners.empty()) owners.pop_back();
    Key::on_equal = kill;
  };
  Key::on_equal = kill;
  (void)keyed->contains(Key(1));
  Key::on_equal = nullptr;
  BOOST_TEST(keyed->size() == owners.size());
  BOOST_TEST(owners.size() < count);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    BOOST_TEST(keyed->at(Key(static_cast<int>(i) + 1)) == owners[i]);
  }
}

BOOST_AUTO_TEST_CASE(a_keys_destructor_may_use_the_dictionary) {
  fill(3);
  Key::on_destroy = [this](const Key& gone) {
    log.push_back(std::to_string(keyed->contains(Key(gone.number))) + std::to_string(keyed->size()));
    keyed->set(Key(9), image);
  };
  owners.pop_back();
  BOOST_TEST(log == (Log{"02"}), per_element());
  BOOST_TEST(numbers() == (std::vector<int>{1, 2, 9}), per_element());
}

BOOST_AUTO_TEST_CASE(a_replaced_keys_destructor_finds_the_new_value) {
  fill(2);
  Key::on_destroy = [this](const Key&) { log.push_back(keyed->at(Key(1)) == image ? "new" : "old"); };
  keyed->set(Key(1), image);
  BOOST_TEST(log == (Log{"new"}), per_element());
}

BOOST_AUTO_TEST_CASE(a_keys_destructor_may_destroy_other_values) {
  fill(5);
  Key::on_destroy = [this](const Key&) { owners.clear(); };
  keyed->clear();
  BOOST_TEST(keyed->empty());
  fill(5);
  Key::on_destroy = [this](const Key&) { owners.clear(); };
  keyed->del(Key(3));
  BOOST_TEST(keyed->empty());
}

BOOST_AUTO_TEST_CASE(a_keys_destructor_may_add_an_entry_while_all_are_cleared) {
  fill(3);
  Key::on_destroy = [this](const Key&) { keyed->set(Key(9), image); };
  keyed->clear();
  BOOST_TEST(numbers() == (std::vector<int>{9}), per_element());
}

BOOST_AUTO_TEST_CASE(a_keys_destructor_may_hold_an_entry_that_is_being_cleared) {
  // By a weak reference to the entry, which is an object like others.
  using Entry = weakref::KeyedRef<Image, Key>;
  fill(2);
  const weakref::ref<Entry> watch = [this] { return weakref::ref<Entry>(keyed->valuerefs()[1]); }();
  strong_ref<Entry> held;
  Key::on_destroy = [&](const Key&) { held = watch(); };
  keyed->clear();
  BOOST_TEST_REQUIRE((held != None));
  BOOST_TEST(((*held)() == owners[1]));
  owners.clear();
  BOOST_TEST(((*held)() == None));
  held.reset();
  BOOST_TEST(watch.expired());
}

// ---- the code of keys throws

BOOST_AUTO_TEST_CASE(a_hash_that_throws_loses_nothing) {
  fill(4);
  const auto fail = [](const Key&) { throw std::runtime_error("no hash"); };
  for (const auto& act : std::vector<std::function<void()>>{
           [this] { (void)keyed->get(Key(2)); },
           [this] { (void)keyed->pop(Key(2)); },
           [this] { keyed->del(Key(2)); },
           [this] { keyed->set(Key(2), image); },
           [this] { keyed->setdefault(Key(8), image); },
           [this] { (void)keyed->copy(); },
       }) {
    Key::on_hash = fail;
    BOOST_CHECK_THROW(act(), std::runtime_error);
    BOOST_TEST(numbers() == (std::vector<int>{1, 2, 3, 4}), per_element());
    BOOST_TEST(keyed->at(Key(2)) == owners[1]);
    BOOST_TEST(getweakrefcount(image) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(an_equality_that_throws_loses_nothing) {
  fill(4);
  const auto fail = [](const Key&) { throw std::runtime_error("not comparable"); };
  for (const auto& act : std::vector<std::function<void()>>{
           [this] { (void)keyed->get(Key(2)); },
           [this] { (void)keyed->pop(Key(2)); },
           [this] { keyed->del(Key(2)); },
           [this] { keyed->set(Key(2), image); },
           [this] { keyed->setdefault(Key(8), image); },
           [this] { (void)keyed->copy(); },
           [this] { (void)(*keyed == *keyed); },
       }) {
    Key::on_equal = fail;
    BOOST_CHECK_THROW(act(), std::runtime_error);
    BOOST_TEST(numbers() == (std::vector<int>{1, 2, 3, 4}), per_element());
    BOOST_TEST(keyed->at(Key(2)) == owners[1]);
    BOOST_TEST(getweakrefcount(image) == 0U);
  }
}

/// A key that cannot be copied while a test forbids it.
struct Fragile {
  static inline bool forbidden = false;
  explicit Fragile(int n) : number(n) {}
  Fragile(const Fragile& other) : number(other.number) {
    if (forbidden) throw std::runtime_error("not copied");
  }
  Fragile(Fragile&&) noexcept = default;
  friend bool operator==(const Fragile&, const Fragile&) = default;
  int number;
};
struct FragileHash {
  std::size_t operator()(const Fragile& key) const { return static_cast<std::size_t>(key.number); }
};

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_copied_loses_nothing) {
  weakref::WeakValueDictionary<Fragile, Image, FragileHash> fragile{{Fragile(1), image}};
  Fragile::forbidden = true;
  BOOST_CHECK_THROW((void)fragile.copy(), std::runtime_error);
  BOOST_CHECK_THROW((void)*fragile.begin(), std::runtime_error);
  BOOST_CHECK_THROW((void)fragile.popitem(), std::runtime_error);
  Fragile::forbidden = false;
  BOOST_TEST(fragile.size() == 1U);
  BOOST_TEST(fragile.at(Fragile(1)) == image);
}

// ---- many

BOOST_AUTO_TEST_CASE(a_hundred_thousand_entries_come_and_go) {
  constexpr int many = 100'000;
  weakref::WeakValueDictionary<int, Image> crowd;
  owners.reserve(many);
  for (int i = 0; i < many; ++i) {
    owners.push_back(make<Image>());
    crowd.set(i, owners.back());
  }
  BOOST_TEST(crowd.size() == owners.size());
  bool all = true;
  for (int i = 0; i < many; ++i) all = all && crowd.get(i) == owners[static_cast<std::size_t>(i)];
  BOOST_TEST(all);
  for (std::size_t i = 0; i < owners.size(); i += 2) owners[i].reset();
  BOOST_TEST(crowd.size() == owners.size() / 2);
  BOOST_TEST(std::ranges::all_of(crowd, [](int key) { return key % 2 == 1; }));
  owners.clear();
  BOOST_TEST(crowd.empty());
  BOOST_TEST((crowd.begin() == crowd.end()));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_entries_die_with_one_value) {
  weakref::WeakValueDictionary<int, Image> crowd;
  for (int i = 0; i < 100'000; ++i) crowd.set(i, image);
  BOOST_TEST(getweakrefcount(image) == 100'000U);
  image.reset();
  BOOST_TEST(crowd.empty());
}

BOOST_AUTO_TEST_SUITE_END()
