#include <coroutine>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Convertible : weakref::object {
  static std::string str() { return "string"; }
  static std::vector<std::byte> bytes() { return {std::byte{'b'}}; }
};

struct Index : weakref::object {
  explicit operator int() const { return 10; }
};

/// Each operator gives another number; an assigning one leaves it as the value, as in Python the name is
/// bound to what it gave.
struct Divided : weakref::object {
  int value = 0;
  int operator/(int) const { return 42; }
  Divided& operator/=(int) {
    value = 21;
    return *this;
  }
  bool operator==(int other) const { return value == other; }
};

/// C++ has no operator @: here it is %, and there are functions of its names.
struct Matrix : weakref::object {
  int value = 0;
  int operator%(int) const { return 1729; }
  friend int operator%(int, const Matrix&) { return -163; }
  Matrix& operator%=(int) {
    value = 561;
    return *this;
  }
  bool operator==(int other) const { return value == other; }
  [[nodiscard]] int matmul(int x) const { return *this % x; }
  friend int matmul(int x, const Matrix& matrix) { return x % matrix; }
};

struct Foo : weakref::object {
  std::optional<int> result;
  void del(int accessor) { result = accessor; }
  using object::del;
};

/// A float.
struct F : weakref::object {
  explicit F(double v) : value(v) {}
  operator double() const { return value; }  // NOLINT(google-explicit-constructor)
  double value;
};

/// Its last owner goes as soon as it is asked for something.
struct Asked : weakref::object {
  static inline strong_ref<Asked> last;
  int length = 3;
  void check_alive() const {
    const ref self{const_cast<Asked&>(*this)};
    last.reset();
    BOOST_TEST(!self.expired());
    BOOST_TEST(length == 3);
  }
};
struct Contains : Asked {
  bool contains(std::string_view) const {
    check_alive();
    throw weakref::TypeError("argument of type 'MyObj' is not iterable");
  }
};
struct Iterates : Asked {
  const std::string* begin() const {
    check_alive();
    throw weakref::TypeError("iter() returned non-iterator of type 'NotImplementedType'");
  }
  const std::string* end() const { return nullptr; }
};

weakref::generator<int> iterator_func(std::vector<int> arr) {
  for (const int x : arr) co_yield x;
}

/// Its iterator is a proxy of one.
template <class Iterator>
struct IteratesWeakly : weakref::object {
  explicit IteratesWeakly(const strong_ref<Iterator>& i) : it(weakref::proxy(i)) {}
  decltype(weakref::proxy(std::declval<strong_ref<Iterator>>())) it;
};

/// Walked backwards, it is another sequence; forwards, it is none.
struct Reversed : weakref::object {
  std::string_view text = "cba";
  [[nodiscard]] static std::size_t size() { return 3; }
  [[nodiscard]] auto rbegin() const { return text.begin(); }
  [[nodiscard]] auto rend() const { return text.end(); }
};

template <class P>
concept has_bytes = requires(const P& p) { p->bytes(); };
template <class P>
concept has_next = requires(const P& p) { p->next(); };

}  // namespace

BOOST_AUTO_TEST_SUITE(ReferencesTestCase)

BOOST_AUTO_TEST_CASE(test_proxy_unicode) {
  const auto instance = make<Convertible>();
  BOOST_TEST(has_bytes<decltype(weakref::proxy(instance))>);
  BOOST_CHECK(weakref::proxy(instance)->bytes() == std::vector{std::byte{'b'}});
  BOOST_TEST(weakref::proxy(instance)->str() == "string");
}

BOOST_AUTO_TEST_CASE(test_proxy_index) {
  const auto o = make<Index>();
  const auto p = weakref::proxy(o);
  BOOST_TEST(static_cast<int>(p) == 10);
}

BOOST_AUTO_TEST_CASE(test_proxy_div) {
  const auto o = make<Divided>();
  auto p = weakref::proxy(o);
  BOOST_TEST((p / 5) == 42);
  p /= 5;
  BOOST_CHECK(p == 21);
  BOOST_TEST(o->value == 21);
}

BOOST_AUTO_TEST_CASE(test_proxy_matmul) {
  const auto o = make<Matrix>();
  auto p = weakref::proxy(o);
  BOOST_TEST((p % 5) == 1729);
  BOOST_TEST((5 % p) == -163);
  BOOST_TEST(p->matmul(5) == 1729);
  BOOST_TEST(matmul(5, *p) == -163);
  p %= 5;
  BOOST_CHECK(p == 561);
  BOOST_TEST(o->value == 561);
}

BOOST_AUTO_TEST_CASE(test_proxy_deletion) {
  const auto g = make<Foo>();
  const auto f = weakref::proxy(g);
  f->del(0);
  BOOST_CHECK(f->result == 0);
}

BOOST_AUTO_TEST_CASE(test_proxy_iter) {
  auto contains = make<Contains>();
  Asked::last = contains;
  const auto p = weakref::proxy(contains);
  contains.reset();
  BOOST_CHECK_THROW((void)p.contains(std::string_view("blech")), weakref::TypeError);
  BOOST_CHECK_THROW((void)p.contains(std::string_view("blech")), weakref::ReferenceError);

  // "in" is a search where there is no contains().
  auto iterates = make<Iterates>();
  Asked::last = iterates;
  const auto q = weakref::proxy(iterates);
  iterates.reset();
  BOOST_CHECK_THROW((void)q.contains(std::string("blech")), weakref::TypeError);
  BOOST_CHECK_THROW((void)q.begin(), weakref::ReferenceError);
}

BOOST_AUTO_TEST_CASE(test_proxy_next) {
  const auto it = make<weakref::generator<int>>(iterator_func({4, 5, 6}));
  const auto weak_it = make<IteratesWeakly<weakref::generator<int>>>(it);
  std::vector<int> list;
  while (const auto next = weak_it->it->next()) list.push_back(*next);
  BOOST_TEST(list == (std::vector{4, 5, 6}));

  // The proxy is a range, too.
  const auto again = make<weakref::generator<int>>(iterator_func({4, 5, 6}));
  list.clear();
  for (const int x : weakref::proxy(again)) list.push_back(x);
  BOOST_TEST(list == (std::vector{4, 5, 6}));
}

BOOST_AUTO_TEST_CASE(test_proxy_bad_next) {
  using NotAnIterator = weakref::function<int()>;
  const auto not_an_iterator = make<NotAnIterator>([] { return 0; });
  const auto a = make<IteratesWeakly<NotAnIterator>>(not_an_iterator);
  BOOST_TEST(!has_next<decltype(a->it)>);
  BOOST_TEST(!std::ranges::range<decltype(a->it)>);
}

BOOST_AUTO_TEST_CASE(test_proxy_reversed) {
  const auto obj = make<Reversed>();
  const auto p = weakref::proxy(obj);
  std::string joined;
  for (auto x = std::ranges::rbegin(p); x != std::ranges::rend(p); ++x) joined += *x;
  BOOST_TEST(joined == "cba");
  BOOST_TEST(len(p) == 3U);
}

BOOST_AUTO_TEST_CASE(test_newstyle_number_ops) {
  const auto f = make<F>(2.0);
  const auto p = weakref::proxy(f);
  BOOST_TEST((p + 1.0) == 3.0);
  BOOST_TEST((1.0 + p) == 3.0);
}

BOOST_AUTO_TEST_SUITE_END()
