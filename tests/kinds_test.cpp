#include <complex>
#include <coroutine>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>  // of getweakrefs(), which GCC 15 cannot instantiate out of sight

#include <unistd.h>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {
  void draw() {}
};
struct Plain {
  int x = 0;
};
struct Final final {};

weakref::generator<int> count(int n) {
  for (int i = 0; i < n; ++i) co_yield i;
}

/// A real file, which goes with it.
std::string a_path() {
  return (std::filesystem::temp_directory_path() / ("weakref-kinds-" + std::to_string(getpid()))).string();
}

// Python's weakly referenceable kinds. Each makes a new object, but for the type object, which is one for
// good.
struct class_instance {
  static auto make_one() { return make<Image>(); }
};
struct boxed_class {
  static auto make_one() { return make<Plain>(); }
};
struct boxed_final_class {
  static auto make_one() { return make<Final>(); }
};
struct a_function {
  static auto make_one() {
    return make<weakref::function<int(int)>>([](int x) { return 2 * x; });
  }
};
struct bound_method {
  static auto make_one() { return method(make<Image>(), &Image::draw); }
};
struct set {
  static auto make_one() { return make<weakref::set<int>>(std::initializer_list<int>{1, 2}); }
};
struct frozenset {
  static auto make_one() { return make<weakref::frozenset<int>>(std::initializer_list<int>{1, 2}); }
};
struct file {
  static auto make_one() {
    auto made = make<weakref::file>(a_path(), "w+");
    std::filesystem::remove(made->name());
    return made;
  }
};
struct generator {
  static auto make_one() { return make<weakref::generator<int>>(count(3)); }
};
struct type_object {
  static auto make_one() { return weakref::type_of<Image>(); }
  static constexpr bool immortal = true;
};
struct socket {
  static auto make_one() {
    auto listening = make<weakref::socket>();
    listening->bind("127.0.0.1", 0);
    listening->listen();
    auto connected = make<weakref::socket>();
    connected->connect("127.0.0.1", listening->getsockname().second);
    return listening->accept();
  }
};
struct array {
  static auto make_one() { return make<weakref::array<double>>(std::initializer_list<double>{1, 2}); }
};
struct deque {
  static auto make_one() { return make<weakref::deque<int>>(std::initializer_list<int>{1, 2}); }
};
struct pattern {
  static auto make_one() { return make<weakref::pattern>("a+"); }
};
struct code {
  static auto make_one() {
    return make<weakref::code<int()>>("seven", [] { return 7; }, std::source_location::current());
  }
};

using kinds = std::tuple<class_instance, boxed_class, boxed_final_class, a_function, bound_method, set,
                         frozenset, file, generator, type_object, socket, array, deque, pattern, code>;

template <class Kind>
constexpr bool is_immortal = requires { Kind::immortal; };
template <class Kind>
using type = typename decltype(Kind::make_one())::element_type;

}  // namespace

BOOST_AUTO_TEST_SUITE(kind)

BOOST_AUTO_TEST_CASE_TEMPLATE(it_passes_the_gate, Kind, kinds) {
  BOOST_TEST(weakref::weakly_referenceable<type<Kind>>);
  BOOST_TEST(weakref::is_weakly_referenceable<type<Kind>>::value);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reference_gives_it_until_it_dies_and_calls_back_once, Kind, kinds) {
  auto o = Kind::make_one();
  int calls = 0;
  {
    const ref r{o, [&](const ref<type<Kind>>& dead) {
                  ++calls;
                  BOOST_TEST(dead.expired());
                }};
    BOOST_TEST(is(r(), o));
    BOOST_TEST(getweakrefcount(o) == 1U);
    o.reset();
    BOOST_TEST(r.expired() == !is_immortal<Kind>);
  }
  BOOST_TEST(calls == (is_immortal<Kind> ? 0 : 1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(plain_references_to_it_are_one, Kind, kinds) {
  auto o = Kind::make_one();
  const ref a{o};
  const ref b{o};
  BOOST_TEST(is(a, b));
  BOOST_TEST(getweakrefs(o).size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_proxy_stands_for_it, Kind, kinds) {
  auto o = Kind::make_one();
  const auto p = weakref::proxy(o);
  BOOST_TEST(p.operator->() == o);
  BOOST_TEST((repr(p).find("weakproxy at 0x") != std::string::npos));
  o.reset();
  if constexpr (!is_immortal<Kind>) BOOST_CHECK_THROW((void)p.operator->(), weakref::ReferenceError);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(it_is_a_value_of_a_weak_dictionary, Kind, kinds) {
  weakref::WeakValueDictionary<std::string, type<Kind>> d;
  auto o = Kind::make_one();
  d["it"] = o;
  BOOST_TEST(is(d.at("it"), o));
  o.reset();
  BOOST_TEST(d.size() == (is_immortal<Kind> ? 1U : 0U));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_finalizer_runs_when_it_dies, Kind, kinds) {
  int calls = 0;
  auto o = Kind::make_one();
  const weakref::finalize f{o, [&] { ++calls; }};
  o.reset();
  BOOST_TEST(calls == (is_immortal<Kind> ? 0 : 1));
  f.detach();
}

BOOST_AUTO_TEST_SUITE_END()
