#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <ranges>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace arithmetic {

/// Has every operator; results tell which one ran.
struct Number : weakref::object {
  explicit Number(int v) : value(v) {}
  int value;
  explicit operator bool() const { return value != 0; }
  explicit operator int() const { return value; }
  explicit operator double() const { return value + 0.5; }
  auto operator<=>(const Number& other) const { return value <=> other.value; }
  bool operator==(const Number& other) const { return value == other.value; }
  auto operator<=>(int other) const { return value <=> other; }
  bool operator==(int other) const { return value == other; }
  int operator+() const { return value; }
  int operator-() const { return -value; }
  int operator~() const { return ~value; }
  Number& operator++() {
    ++value;
    return *this;
  }
  int operator++(int) { return value++; }
  Number& operator--() {
    --value;
    return *this;
  }
  int operator--(int) { return value--; }
};

/// Comparable, and associated with the library by what it holds, as iterators over objects are.
template <class T>
struct Box {
  int value;
  friend bool operator==(const Box& a, const Box& b) { return a.value == b.value; }
};

#define OPERATOR(op)                                                               \
  int operator op(const Number& a, const Number& b) { return a.value op b.value; } \
  int operator op(const Number& a, int b) { return a.value op b; }                 \
  int operator op(int a, const Number& b) { return a op b.value; }                 \
  Number& operator op## = (Number & a, const Number& b) {                          \
    a.value op## = b.value;                                                        \
    return a;                                                                      \
  }                                                                                \
  Number& operator op## = (Number & a, int b) {                                    \
    a.value op## = b;                                                              \
    return a;                                                                      \
  }                                                                                \
  int& operator op## = (int& a, const Number& b) { return a op## = b.value; }
OPERATOR(+)
OPERATOR(-)
OPERATOR(*)
OPERATOR(/)
OPERATOR(%)
OPERATOR(&)
OPERATOR(|)
OPERATOR(^)
OPERATOR(<<)
OPERATOR(>>)
#undef OPERATOR

std::ostream& operator<<(std::ostream& out, const Number& x) { return out << "Number " << x.value; }

}  // namespace arithmetic

namespace {

using arithmetic::Number;

struct Bare : weakref::object {};

struct Asks : weakref::object {
  template <class X>
  bool contains(const X&) const {
    return weakref::is_proxy_v<X>;
  }
  template <class X>
  bool operator()(const X&) const {
    return weakref::is_proxy_v<X>;
  }
};

using P = weakref::ProxyType<Number>;
using N = weakref::ProxyType<Bare>;

// Each operator is there where the referent has it, and asking is no error where it has not.
#define HAS_BINARY(op)                                                                     \
  static_assert(requires(P p, Number n, std::ostream& out) {                               \
    p op p;                                                                                \
    p op n;                                                                                \
    n op p;                                                                                \
    p op 1;                                                                                \
    1 op p;                                                                                \
  });                                                                                      \
  template <class X>                                                                       \
  concept BOOST_JOIN(has_operator_, __LINE__) =                                            \
      requires(X x) { x op x; } || requires(X x) { x op 1; } || requires(X x) { 1 op x; }; \
  static_assert(!BOOST_JOIN(has_operator_, __LINE__) < N >);
HAS_BINARY(+)
HAS_BINARY(-)
HAS_BINARY(*)
HAS_BINARY(/)
HAS_BINARY(%)
HAS_BINARY(&)
HAS_BINARY(|)
HAS_BINARY(^)
HAS_BINARY(<<)
HAS_BINARY(>>)
HAS_BINARY(==)
HAS_BINARY(!=)
HAS_BINARY(<)
HAS_BINARY(<=)
HAS_BINARY(>)
HAS_BINARY(>=)
HAS_BINARY(<=>)
#undef HAS_BINARY

#define HAS_ASSIGNING(op)                                                                               \
  static_assert(requires(P p, Number& n, int& i) {                                                      \
    { p op 1 } -> std::same_as<P&>;                                                                     \
    { p op p } -> std::same_as<P&>;                                                                     \
    { n op p } -> std::same_as<Number&>;                                                                \
    { i op p } -> std::same_as<int&>;                                                                   \
  });                                                                                                   \
  template <class X>                                                                                    \
  concept BOOST_JOIN(has_operator_, __LINE__) = requires(X x) { x op x; } || requires(X x) { x op 1; }; \
  static_assert(!BOOST_JOIN(has_operator_, __LINE__) < N >);
HAS_ASSIGNING(+=)
HAS_ASSIGNING(-=)
HAS_ASSIGNING(*=)
HAS_ASSIGNING(/=)
HAS_ASSIGNING(%=)
HAS_ASSIGNING(&=)
HAS_ASSIGNING(|=)
HAS_ASSIGNING(^=)
HAS_ASSIGNING(<<=)
HAS_ASSIGNING(>>=)
#undef HAS_ASSIGNING

#define HAS_UNARY(name, expression)             \
  template <class X>                            \
  concept name = requires(X x) { expression; }; \
  static_assert(name<P> && !name<N>);
HAS_UNARY(has_plus, +x)
HAS_UNARY(has_minus, -x)
HAS_UNARY(has_complement, ~x)
HAS_UNARY(has_not, !x)
HAS_UNARY(has_increment, ++x)
HAS_UNARY(has_decrement, --x)
HAS_UNARY(has_post_increment, x++)
HAS_UNARY(has_post_decrement, x--)
HAS_UNARY(has_bool, static_cast<bool>(x))
HAS_UNARY(has_int, static_cast<int>(x))
#undef HAS_UNARY

struct List : weakref::object, std::vector<int> {
  using std::vector<int>::vector;
};
struct Dict : weakref::object, std::map<std::string, std::string> {};
using L = weakref::ProxyType<List>;
using D = weakref::ProxyType<Dict>;

template <class X>
concept has_size = requires(const X& x) { x.size(); };
template <class X>
concept has_contains = requires(const X& x) { x.contains(1); };
template <class X>
concept has_index = requires(const X& x) { x[1]; };
static_assert(has_size<L> && has_contains<L> && has_index<L>);
static_assert(!has_size<N> && !has_contains<N> && !has_index<N>);
static_assert(std::ranges::bidirectional_range<L> && std::ranges::common_range<L>);
static_assert(std::ranges::bidirectional_range<D>);
static_assert(!std::ranges::range<N>);

template <class X>
concept hashable = requires(const X& x) { std::hash<X>()(x); };
static_assert(!hashable<P> && !hashable<N> && !hashable<weakref::CallableProxyType<Bare>>);

// Asked of a class that is not complete, nothing goes wrong.
struct Incomplete;
static_assert(std::copyable<weakref::ProxyType<Incomplete>>);

auto number(int value) { return make<Number>(value); }

const auto gone = [](const weakref::ReferenceError& e) {
  return std::string(e.what()) == "weakly-referenced object no longer exists";
};

}  // namespace

BOOST_AUTO_TEST_SUITE(proxy_operators)

BOOST_AUTO_TEST_CASE(binary_operators_take_proxies_on_either_side) {
  const auto a = number(12);
  const auto b = number(5);
  const auto p = weakref::proxy(a);
  const auto q = weakref::proxy(b);
#define SAME(op)                       \
  BOOST_TEST((p op q) == (12 op 5));   \
  BOOST_TEST((p op 5) == (12 op 5));   \
  BOOST_TEST((12 op q) == (12 op 5));  \
  BOOST_TEST((p op * b) == (12 op 5)); \
  BOOST_TEST((*a op q) == (12 op 5));
  SAME(+)
  SAME(-)
  SAME(*)
  SAME(/)
  SAME(%)
  SAME(&)
  SAME(|)
  SAME(^)
  SAME(<<)
  SAME(>>)
  SAME(==)
  SAME(!=)
  SAME(<)
  SAME(<=)
  SAME(>)
  SAME(>=)
#undef SAME
  BOOST_TEST(((p <=> q) == std::strong_ordering::greater));
  BOOST_TEST(((5 <=> q) == std::strong_ordering::equal));
  BOOST_TEST((p == p));
}

BOOST_AUTO_TEST_CASE(unary_operators_are_those_of_the_referent) {
  const auto a = number(12);
  auto p = weakref::proxy(a);
  BOOST_TEST(+p == 12);
  BOOST_TEST(-p == -12);
  BOOST_TEST(~p == ~12);
  BOOST_TEST(!p == false);
  BOOST_TEST(is(++p, p));
  BOOST_TEST(a->value == 13);
  BOOST_TEST(p++ == 13);
  BOOST_TEST(p-- == 14);
  --p;
  BOOST_TEST(a->value == 12);
}

BOOST_AUTO_TEST_CASE(assignments_change_the_referent_and_give_the_proxy) {
  const auto a = number(12);
  const auto b = number(5);
  auto p = weakref::proxy(a);
  auto& result = (p += 3);
  BOOST_TEST(&result == &p);
  BOOST_TEST(a->value == 15);
  p -= weakref::proxy(b);
  BOOST_TEST(a->value == 10);
  p *= *b;
  BOOST_TEST(a->value == 50);
  p /= 5;
  p %= 6;
  BOOST_TEST(a->value == 4);
  p <<= 2;
  p |= 3;
  p &= 18;
  p ^= 1;
  p >>= 1;
  BOOST_TEST(a->value == ((((16 | 3) & 18) ^ 1) >> 1));
  int i = 1;
  i += weakref::proxy(b);
  BOOST_TEST(i == 6);
  BOOST_TEST(is(weakref::proxy(a) += 1, p));
}

BOOST_AUTO_TEST_CASE(conversions_are_those_of_the_referent) {
  auto a = number(12);
  const auto p = weakref::proxy(a);
  BOOST_TEST(static_cast<bool>(p));
  BOOST_TEST(static_cast<int>(p) == 12);
  BOOST_TEST(static_cast<double>(p) == 12.5);
  a->value = 0;
  BOOST_TEST((p ? 1 : 2) == 2);
  std::ostringstream out;
  out << p << ", " << p;
  BOOST_TEST(out.str() == "Number 0, Number 0");
}

BOOST_AUTO_TEST_CASE(a_dead_proxy_throws_whatever_is_asked) {
  auto a = number(12);
  auto p = weakref::proxy(a);
  const auto alive = number(1);
  const auto q = weakref::proxy(alive);
  a.reset();
  BOOST_CHECK_EXCEPTION((void)(p + 1), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)(1 + p), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)(q + p), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)(p == p), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)(p != q), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)(p < 1), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)-p, weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)!p, weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION(++p, weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION(p += 1, weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)static_cast<bool>(p), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)static_cast<int>(p), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)*p, weakref::ReferenceError, gone);
  std::ostringstream out;
  BOOST_CHECK_EXCEPTION(out << p, weakref::ReferenceError, gone);
  BOOST_TEST(repr(p).ends_with("; dead>"));
  BOOST_TEST(is(p, p));

  auto list = make<List>(std::size_t{3}, 7);
  const auto l = weakref::proxy(list);
  list.reset();
  BOOST_CHECK_EXCEPTION((void)l[0], weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION(l[0] = 1, weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)l.begin(), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)l.size(), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)len(l), weakref::ReferenceError, gone);
  BOOST_CHECK_EXCEPTION((void)l.contains(7), weakref::ReferenceError, gone);
}

BOOST_AUTO_TEST_CASE(an_element_is_read_and_assigned) {
  const auto list = make<List>(std::size_t{3}, 7);
  const auto p = weakref::proxy(list);
  BOOST_TEST(p[0] == 7);
  p[1] = 9;
  p[1] += 2;
  BOOST_TEST((*list)[1] == 11);
  const int copied = p[1];
  BOOST_TEST(copied + p[0] == 18);
  p[2] = p[1];
  BOOST_TEST((*list)[2] == 11);

  const auto dict = make<Dict>();
  const auto d = weakref::proxy(dict);
  d["red"] = "#f00";
  BOOST_TEST((d["red"] == "#f00"));
  BOOST_TEST(d["red"]->size() == 4U);
  BOOST_TEST((d["red"] + "f" == "#f00f"));
}

BOOST_AUTO_TEST_CASE(an_element_holds_the_referent) {
  auto list = make<List>(std::size_t{3}, 7);
  const ref watch{list};
  const auto p = weakref::proxy(list);
  {
    const auto element = p[0];
    list.reset();
    BOOST_TEST(!watch.expired());
    BOOST_TEST(element == 7);
  }
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(an_index_that_is_a_proxy_stands_for_its_referent) {
  struct Table : weakref::object {
    int operator[](const Number& n) const { return n.value * 10; }
  };
  const auto table = make<Table>();
  const auto n = number(4);
  BOOST_TEST(weakref::proxy(table)[weakref::proxy(n)] == 40);
}

BOOST_AUTO_TEST_CASE(a_loop_holds_the_referent) {
  auto list = make<List>();
  for (int i = 1; i <= 3; ++i) list->push_back(i);
  const ref watch{list};
  const auto p = weakref::proxy(list);
  int sum = 0;
  for (int& x : p) {
    list.reset();
    sum += x;
    BOOST_TEST(!watch.expired());
  }
  BOOST_TEST(sum == 6);
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(it_is_a_range_with_size_and_contents) {
  const auto list = make<List>();
  for (int i = 1; i <= 3; ++i) list->push_back(i);
  const auto p = weakref::proxy(list);
  BOOST_TEST(p.size() == 3U);
  BOOST_TEST(len(p) == 3U);
  BOOST_TEST(p.contains(2));
  BOOST_TEST(!p.contains(7));
  BOOST_TEST((std::ranges::find(p, 3) != p.end()));
  std::vector<int> reversed;
  for (const int x : p | std::views::reverse) reversed.push_back(x);
  BOOST_TEST((reversed == std::vector{3, 2, 1}));
  const auto dict = make<Dict>();
  dict->emplace("red", "#f00");
  BOOST_TEST(weakref::proxy(dict).contains(std::string("red")));
  BOOST_TEST(!weakref::proxy(dict).contains(std::string("blue")));
}

BOOST_AUTO_TEST_CASE(what_it_gives_for_itself_can_be_assigned_and_handed_on) {
  struct Point : weakref::object {
    int x = 1;
    int y = 2;
  };
  const auto point = make<Point>();
  const auto p = weakref::proxy(point);
  const auto sum = [](Point& q) { return q.x + q.y; };
  BOOST_TEST(sum(*p) == 3);
  BOOST_TEST((*p)->x == 1);
  Point other;
  other.x = 7;
  *p = other;
  BOOST_TEST(point->x == 7);
  auto dying = make<Point>();
  const auto q = weakref::proxy(dying);
  const auto drop_and_read = [&](Point& held) {
    dying.reset();
    return held.y;
  };
  BOOST_TEST(drop_and_read(*q) == 2);
}

BOOST_AUTO_TEST_CASE(arguments_are_handed_on_as_they_are) {
  const auto asks = make<Asks>();
  const auto n = number(1);
  const auto p = weakref::proxy(asks);
  BOOST_TEST(p.contains(weakref::proxy(n)));
  BOOST_TEST(p(weakref::proxy(n)));
}

template <class X>
concept negatable = requires(X x) { !x; };
template <class X>
concept steppable = requires(X x) { x++; };

BOOST_AUTO_TEST_CASE(classes_that_argument_dependent_lookup_brings_keep_their_own_operators) {
  using arithmetic::Box;
  Box<weakref::object*> a{1};
  const Box<weakref::object*> b{2};
  BOOST_TEST((a == a));
  BOOST_TEST((a != b));
  BOOST_TEST(!negatable<Box<weakref::object>>);
  BOOST_TEST(!steppable<Box<weakref::object>>);
}

BOOST_AUTO_TEST_CASE(operands_are_held_while_the_operator_runs) {
  struct Drops : weakref::object {
    strong_ref<Drops>* owner = nullptr;
    int value = 3;
    int operator+(int x) {
      owner->reset();
      return value + x;
    }
  };
  auto drops = make<Drops>();
  drops->owner = &drops;
  const auto p = weakref::proxy(drops);
  BOOST_TEST((p + 4) == 7);
  BOOST_TEST((drops == weakref::None));
}

BOOST_AUTO_TEST_SUITE_END()
