#include <array>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// The values of a WeakKeyDictionary: of any movable type, and their code runs with no lock held.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

struct Image : weakref::object {};

/// A value that counts its instances, and whose copies call what a test sets.
struct Value {
  static inline int instances = 0;
  static inline int copies = 0;
  static inline std::function<void()> on_copy;

  explicit Value(int n) : number(n) { ++instances; }
  Value(const Value& other) : number(other.number) {
    ++copies;
    if (on_copy) std::exchange(on_copy, nullptr)();
    ++instances;
  }
  Value(Value&& other) noexcept : number(other.number) { ++instances; }
  Value& operator=(const Value&) = default;
  ~Value() { --instances; }

  int number;
};

using Values = weakref::WeakKeyDictionary<Image, Value>;

struct Fixture {
  ~Fixture() { Value::on_copy = nullptr; }

  strong_ref<Image> a = make<Image>();
  strong_ref<Image> b = make<Image>();
};

struct Shape : weakref::object {
  explicit Shape(int s) : size(s) {}
  int size;
};
struct Circle : Shape {
  using Shape::Shape;
};
struct Same : weakref::object {
  friend bool operator==(const Same&, const Same&) { return true; }
};
struct Tree : weakref::object {
  [[nodiscard]] strong_ref<Tree> deepcopy() const { return make<Tree>(); }
  Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_key_dictionary_values, Fixture)

BOOST_AUTO_TEST_CASE(values_are_destroyed_with_their_entries) {
  {
    Values values{{a, Value(1)}, {b, Value(2)}};
    BOOST_TEST(Value::instances == 2);
    a.reset();
    BOOST_TEST(Value::instances == 1);
    values.set(b, Value(3));
    BOOST_TEST(Value::instances == 1);
    const auto references = values.keyrefs();
    values.clear();
    BOOST_TEST(Value::instances == 0);
    values.set(b, Value(3));
    const auto others = values.keyrefs();
    values.del(b);
    BOOST_TEST(Value::instances == 0);
    values.set(b, Value(4));
  }
  BOOST_TEST(Value::instances == 0);
}

template <class T, class V>
concept takes = requires(T x, V value) { std::forward<T>(x) = value; };

BOOST_AUTO_TEST_CASE(what_a_look_up_gives_is_not_assigned) {
  using Notes = weakref::WeakKeyDictionary<Image, std::string>;
  Notes notes{{a, "one"}};
  const Notes& constant = notes;
  static_assert(!takes<decltype(notes.at(a)), const char*>);
  static_assert(!takes<decltype(constant[a]), const char*>);
  static_assert(!takes<decltype(notes.get(a)), const char*>);
  static_assert(!takes<decltype(*notes.get(a)), const char*>);
  static_assert(!takes<decltype(notes.get(a, "")), const char*>);
  static_assert(takes<decltype(notes[a]), const char*>);
  using Numbers = weakref::WeakKeyDictionary<Image, int>;
  static_assert(!takes<decltype(std::declval<Numbers&>().get(a)), int>);
  static_assert(std::same_as<decltype(std::declval<Numbers&>().at(a)), int>);
  auto copy = notes.at(a);
  copy = "two";
  BOOST_TEST(notes.at(a) == "one");
}

BOOST_AUTO_TEST_CASE(a_subscription_is_counted_up_and_appended_to) {
  weakref::WeakKeyDictionary<Image, int> numbers{{a, 1}};
  numbers[a] += 2;
  BOOST_TEST(numbers.at(a) == 3);
  BOOST_TEST(numbers[a]++ == 3);
  BOOST_TEST(++numbers[a] == 5);
  BOOST_TEST(numbers[a]-- == 5);
  BOOST_TEST(--numbers[a] == 3);
  BOOST_CHECK_THROW(numbers[b] += 1, KeyError);
  BOOST_TEST(!numbers.contains(b));
  weakref::WeakKeyDictionary<Image, std::string> notes{{a, "one"}};
  notes[a] += ", two";
  BOOST_TEST(notes.at(a) == "one, two");
}

BOOST_AUTO_TEST_CASE(what_a_subscription_reads_is_a_key_of_another_dictionary) {
  weakref::WeakValueDictionary<std::string, Image> images{{"a", a}};
  weakref::WeakKeyDictionary<Image, std::string> names{{a, "a"}};
  names[images["a"]] = "a";
  BOOST_TEST(names.contains(images["a"]));
  BOOST_TEST((images[names[a]] == a));
  weakref::WeakSet<Image> set{a};
  set.discard(images["a"]);
  BOOST_TEST(set.empty());
}

BOOST_AUTO_TEST_CASE(a_reference_to_a_dead_key_keeps_no_value) {
  Values values{{a, Value(1)}};
  const auto references = values.keyrefs();
  a.reset();
  BOOST_TEST(Value::instances == 0);
}

BOOST_AUTO_TEST_CASE(a_value_is_popped_without_a_copy) {
  Values values;
  values.set(a, Value(1));
  values.set(b, Value(2));
  const int before = Value::copies;
  BOOST_TEST(values.pop(a).number == 1);
  BOOST_TEST(values.popitem().second.number == 2);
  BOOST_TEST(Value::copies == before);
}

BOOST_AUTO_TEST_CASE(a_value_that_somebody_reads_is_popped_as_a_copy) {
  Values values;
  values.set(a, Value(1));
  auto it = values.values().begin();
  BOOST_TEST(values.pop(a).number == 1);
  BOOST_TEST((*it).number == 1);
}

BOOST_AUTO_TEST_CASE(a_copy_may_change_the_dictionary) {
  Values values{{a, Value(1)}};
  Value::on_copy = [&] { values.clear(); };
  BOOST_TEST(values.at(a).number == 1);
  BOOST_TEST(values.empty());
  values.set(a, Value(2));
  Value::on_copy = [&] { values.set(a, Value(3)); };
  BOOST_TEST(values.at(a).number == 2);
  BOOST_TEST(values.at(a).number == 3);
}

BOOST_AUTO_TEST_CASE(a_copy_may_destroy_the_dictionary) {
  std::optional<Values> values(std::in_place);
  values->set(a, Value(1));
  Value::on_copy = [&] { values.reset(); };
  BOOST_TEST(values->at(a).number == 1);
  BOOST_TEST(!values.has_value());
}

BOOST_AUTO_TEST_CASE(a_copy_during_a_pop_may_set_another_value) {
  Values values;
  values.set(a, Value(1));
  auto it = values.values().begin();  // so that it is copied
  Value::on_copy = [&] { values.set(a, Value(2)); };
  BOOST_TEST(values.pop(a).number == 2);
  BOOST_TEST(values.empty());
}

BOOST_AUTO_TEST_CASE(a_copy_during_a_pop_may_take_the_entry_out) {
  Values values;
  values.set(a, Value(1));
  auto it = values.values().begin();
  Value::on_copy = [&] { values.del(a); };
  BOOST_CHECK_THROW((void)values.pop(a), KeyError);
}

BOOST_AUTO_TEST_CASE(a_copy_that_throws_loses_nothing) {
  Values values;
  values.set(a, Value(1));
  values.set(b, Value(2));
  auto it = values.items().begin(), last = std::next(it);
  const auto fail = [] { throw std::runtime_error("not copied"); };
  for (const auto& act : std::vector<std::function<void()>>{
           [&] { (void)values.at(a); },
           [&] { (void)values.get(a); },
           [&] { (void)values.pop(a); },
           [&] { (void)values.popitem(); },
           [&] { (void)values.copy(); },
           [&] { (void)values.deepcopy(); },
           [&] { (void)values.setdefault(a, Value(7)); },
           [&] { (void)values.setdefault(make<Image>(), Value(7)); },
           [&] { (void)*it; },
       }) {
    Value::on_copy = fail;
    BOOST_CHECK_THROW(act(), std::runtime_error);
    Value::on_copy = nullptr;
    BOOST_TEST(values.size() == 2U);
    BOOST_TEST(values.at(a).number == 1);
    BOOST_TEST(values.at(b).number == 2);
  }
}

BOOST_AUTO_TEST_CASE(values_that_cannot_be_copied_are_set_and_popped) {
  weakref::WeakKeyDictionary<Image, std::unique_ptr<int>> owned;
  owned[a] = std::make_unique<int>(1);
  owned.set(b, std::make_unique<int>(2));
  owned[a] = std::make_unique<int>(3);
  BOOST_TEST(owned.contains(a));
  BOOST_TEST(std::ranges::distance(owned.keys()) == 2);
  BOOST_TEST(*owned.pop(a) == 3);
  BOOST_TEST((owned.pop(a, nullptr) == nullptr));
  BOOST_TEST(*owned.popitem().second == 2);
  owned[a] = std::make_unique<int>(4);
  auto moved = std::move(owned);
  BOOST_TEST(moved.size() == 1U);
  a.reset();
  BOOST_TEST(moved.empty());
}

BOOST_AUTO_TEST_CASE(values_may_be_large_and_without_a_default) {
  struct Large {
    explicit Large(int n) { numbers.fill(n); }
    std::array<int, 1000> numbers;
  };
  weakref::WeakKeyDictionary<Image, Large> large{{a, Large(4)}};
  BOOST_TEST(large.at(a).numbers[999] == 4);
  BOOST_TEST(large.pop(a).numbers[0] == 4);
  struct Small {
    explicit Small(int n) : number(n) {}
    int number;
  };
  weakref::WeakKeyDictionary<Image, Small> small{{a, Small(5)}};
  BOOST_TEST(small.at(a).number == 5);
  BOOST_TEST(small.setdefault(b, Small(6)).number == 6);
}

// ---- owners

BOOST_AUTO_TEST_CASE(a_value_may_be_an_owner) {
  weakref::WeakKeyDictionary<Image, strong_ref<Shape>> shapes;
  auto shape = make<Shape>(3);
  shapes[a] = shape;
  BOOST_TEST(getrefcount(shape) == 2U);
  BOOST_TEST(shapes[a]->size == 3);
  BOOST_TEST((shapes.get(b) == None));
  static_assert(std::same_as<decltype(shapes.get(b)), strong_ref<Shape>>);
  shapes[a] = make<Circle>(4);
  BOOST_TEST(getrefcount(shape) == 1U);
  shapes[b] = shape;
  b.reset();
  BOOST_TEST(getrefcount(shape) == 1U);
}

BOOST_AUTO_TEST_CASE(none_is_a_value_like_others) {
  weakref::WeakKeyDictionary<Image, strong_ref<Shape>> shapes;
  shapes[a] = None;
  BOOST_TEST(shapes.contains(a));
  BOOST_TEST((shapes.at(a) == None));
  BOOST_TEST((shapes.setdefault(a, make<Shape>(1)) == None));
  BOOST_TEST((shapes == shapes.copy()));
  BOOST_TEST((shapes.pop(a, make<Shape>(1)) == None));
  BOOST_CHECK_THROW((void)shapes.pop(a), KeyError);
}

BOOST_AUTO_TEST_CASE(a_value_that_owns_its_key_keeps_the_entry) {  // gh-88846
  weakref::WeakKeyDictionary<Image, strong_ref<Image>> loop;
  loop[a] = a;
  const weakref::ref watch{a};
  a.reset();
  BOOST_TEST(!watch.expired());
  loop.clear();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(objects_that_are_values_are_compared_by_their_equality) {
  using Sames = weakref::WeakKeyDictionary<Image, strong_ref<Same>>;
  BOOST_TEST((Sames{{a, make<Same>()}} == Sames{{a, make<Same>()}}));
  BOOST_TEST((Sames{{a, make<Same>()}} != Sames{{a, None}}));
}

BOOST_AUTO_TEST_CASE(a_deep_copy_shares_the_keys_and_copies_the_values) {  // test_deepcopy_weakkeydict
  using Shapes = weakref::WeakKeyDictionary<Image, strong_ref<Shape>>;
  const auto shape = make<Shape>(3);
  const Shapes shapes{{a, shape}, {b, make<Shape>(4)}};
  const Shapes copy = shapes.deepcopy();
  BOOST_TEST(copy.size() == 2U);
  BOOST_TEST((copy.at(a) != shape));
  BOOST_TEST(copy.at(a)->size == 3);
  BOOST_TEST(copy.at(b)->size == 4);
  BOOST_TEST(getrefcount(shape) == 2U);
  const weakref::WeakKeyDictionary<Image, std::string> texts{{a, "text"}};
  BOOST_TEST((texts.deepcopy() == texts));
}

BOOST_AUTO_TEST_CASE(a_deep_copy_copies_one_object_once) {
  using Shapes = weakref::WeakKeyDictionary<Image, strong_ref<Shape>>;
  const auto shape = make<Shape>(3);
  const Shapes copy = Shapes{{a, shape}, {b, shape}}.deepcopy();
  BOOST_TEST((copy.at(a) == copy.at(b)));
  BOOST_TEST((Shapes{{a, None}}.deepcopy().at(a) == None));
}

BOOST_AUTO_TEST_CASE(a_deep_copy_makes_no_halves_of_objects) {
  using Shapes = weakref::WeakKeyDictionary<Image, strong_ref<Shape>>;
  const Shapes shapes{{a, make<Circle>(3)}};
  BOOST_CHECK_THROW((void)shapes.deepcopy(), weakref::TypeError);
  const auto tree = make<Tree>();
  const weakref::WeakKeyDictionary<Image, strong_ref<Tree>> trees{{a, tree}};
  BOOST_TEST((trees.deepcopy().at(a) != tree));
}

BOOST_AUTO_TEST_CASE(pop_gives_the_value_that_replaced_another_while_that_was_copied) {
  Values d;
  d.set(a, Value(1));
  // A walk has the first value as well, so that it is copied.
  auto walk = d.values();
  const auto standing = walk.begin();
  Value::on_copy = [&] { d.set(a, Value(2)); };
  BOOST_TEST(d.pop(a).number == 2);
  BOOST_TEST(!d.contains(a));
  BOOST_TEST((*standing).number == 1);
}

BOOST_AUTO_TEST_SUITE_END()
