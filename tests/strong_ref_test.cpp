#include <compare>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;

namespace {

struct Shape : weakref::object {
  virtual int corners() const { return 0; }
};
struct Square : Shape {
  int corners() const override { return 4; }
};
struct Circle : Shape {};

static_assert(sizeof(weakref::strong_ref<Shape>) == sizeof(void*));
static_assert(std::is_convertible_v<weakref::strong_ref<Square>, weakref::strong_ref<Shape>>);
static_assert(!std::is_convertible_v<weakref::strong_ref<Shape>, weakref::strong_ref<Square>>);
static_assert(std::is_convertible_v<weakref::strong_ref<Shape>, weakref::strong_ref<const Shape>>);
static_assert(!std::is_convertible_v<Shape*, weakref::strong_ref<Shape>>);
static_assert(std::is_nothrow_move_constructible_v<weakref::strong_ref<Shape>>);

}  // namespace

BOOST_AUTO_TEST_SUITE(strong_ref)

BOOST_AUTO_TEST_CASE(none_owns_nothing) {
  const weakref::strong_ref<Shape> none;
  BOOST_TEST(!none);
  BOOST_TEST((none == None));
  BOOST_TEST((none == nullptr));
  BOOST_TEST(none.get() == nullptr);
  BOOST_TEST(getrefcount(none) == 0U);
  BOOST_TEST(id(none) == 0U);
  const weakref::strong_ref<Shape> from_null(static_cast<Shape*>(nullptr));
  BOOST_TEST(!from_null);
}

BOOST_AUTO_TEST_CASE(copies_own_and_moves_hand_over) {
  auto a = make<Square>();
  const auto b = a;
  BOOST_TEST(getrefcount(a) == 2U);
  const auto c = std::move(a);
  BOOST_TEST(getrefcount(b) == 2U);
  BOOST_TEST(!a);
  const weakref::strong_ref<Shape> d = c;
  BOOST_TEST(d->corners() == 4);
  BOOST_TEST(getrefcount(d) == 3U);
}

BOOST_AUTO_TEST_CASE(self_assignment_keeps_the_object) {
  auto a = make<Square>();
  auto& same = a;
  a = same;
  BOOST_TEST(getrefcount(a) == 1U);
  a = std::move(same);
  BOOST_TEST(getrefcount(a) == 1U);
}

BOOST_AUTO_TEST_CASE(comparison_and_hash_are_identity) {
  const auto a = make<Square>();
  const auto b = make<Square>();
  const weakref::strong_ref<Shape> same = a;
  BOOST_TEST((a == same));
  BOOST_TEST((a != b));
  BOOST_TEST(is(a, same));
  BOOST_TEST(((a <=> b) == (a.get() <=> b.get())));
  BOOST_TEST((a > None));
  BOOST_TEST(std::hash<weakref::strong_ref<Square>>()(a) == std::hash<weakref::strong_ref<Shape>>()(same));
  const std::unordered_set<weakref::strong_ref<Shape>> set{a, b, same};
  BOOST_TEST(set.size() == 2U);
}

BOOST_AUTO_TEST_CASE(casts_share_ownership) {
  const weakref::strong_ref<Shape> shape = make<Square>();
  const auto square = static_pointer_cast<Square>(shape);
  BOOST_TEST(getrefcount(shape) == 2U);
  BOOST_TEST((dynamic_pointer_cast<Square>(shape) == square));
  BOOST_TEST((dynamic_pointer_cast<Circle>(shape) == None));
  const weakref::strong_ref<const Shape> constant = shape;
  BOOST_TEST((const_pointer_cast<Shape>(constant) == shape));
  BOOST_TEST(getrefcount(shape) == 3U);
}

BOOST_AUTO_TEST_CASE(a_callable_object_is_called_and_held_meanwhile) {
  struct Adder : weakref::object {
    int operator()(int a, int b) const { return a + b; }
  };
  struct Suicidal : weakref::object {
    weakref::strong_ref<Suicidal>* owner = nullptr;
    int value = 5;
    int operator()() {
      owner->reset();
      return value;
    }
  };
  BOOST_TEST(make<Adder>()(2, 3) == 5);
  auto suicidal = make<Suicidal>();
  suicidal->owner = &suicidal;
  BOOST_TEST(suicidal() == 5);
  static_assert(!std::is_invocable_v<weakref::strong_ref<Square>>);
}

BOOST_AUTO_TEST_CASE(calling_none_is_a_type_error) {
  struct Adder : weakref::object {
    int operator()() const { return 1; }
  };
  const weakref::strong_ref<Adder> none;
  BOOST_CHECK_EXCEPTION(none(), weakref::TypeError, [](const auto& e) {
    return std::string(e.what()) == "'NoneType' object is not callable";
  });
}

BOOST_AUTO_TEST_CASE(the_variable_is_set_before_the_old_object_dies) {
  struct Watcher : weakref::object {
    weakref::strong_ref<Watcher>* variable = nullptr;
    bool* seen_set = nullptr;
    ~Watcher() override {
      if (variable != nullptr) *seen_set = *variable != None;
    }
  };
  bool seen_set = false;
  auto variable = make<Watcher>();
  variable->variable = &variable;
  variable->seen_set = &seen_set;
  variable = make<Watcher>();
  BOOST_TEST(seen_set);
}

BOOST_AUTO_TEST_CASE(any_number_of_owners_is_counted) {
  const auto shape = make<Shape>();
  std::vector<weakref::strong_ref<Shape>> owners;
  for (std::size_t count = 1; count < 1'000; ++count) {
    if (getrefcount(shape) != count) BOOST_TEST(getrefcount(shape) == count);
    owners.push_back(shape);
  }
  owners.resize(9);
  BOOST_TEST(getrefcount(shape) == 10U);
}

BOOST_AUTO_TEST_SUITE_END()
