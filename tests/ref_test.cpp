#include <concepts>
#include <type_traits>
#include <utility>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;

namespace {

struct Base : weakref::object {
  int x = 1;
};
struct Image : Base {};

template <class T>
using handle = weakref::ref<T>;

static_assert(sizeof(handle<Image>) == sizeof(void*));
static_assert(std::is_convertible_v<handle<Image>, handle<Base>>);
static_assert(!std::is_convertible_v<handle<Base>, handle<Image>>);
static_assert(!std::is_constructible_v<bool, handle<Image>>, "a reference is no test of life");
static_assert(!std::is_constructible_v<handle<Image>, int>);

template <class T>
concept ordered = requires(const T& a) { a < a; };
static_assert(!ordered<handle<Image>>);
static_assert(!std::totally_ordered<handle<Image>>);

template <class T>
concept settable = requires(T a) { *a.template callback<int>() = 1, a.callback(nullptr); };
static_assert(!settable<handle<Image>>, "a callback is not set afterwards");

}  // namespace

BOOST_AUTO_TEST_SUITE(ref)

BOOST_AUTO_TEST_CASE(a_call_gives_the_referent_or_none) {
  auto image = make<Image>();
  const weakref::ref r{image};
  BOOST_TEST((r() == image));
  BOOST_TEST(!r.expired());
  BOOST_TEST(getrefcount(image) == 1U);
  image.reset();
  BOOST_TEST((r() == None));
  BOOST_TEST(r.expired());
}

BOOST_AUTO_TEST_CASE(a_reference_to_a_temporary_is_dead_at_once) {
  const weakref::ref r{make<Image>()};
  BOOST_TEST(r.expired());
}

BOOST_AUTO_TEST_CASE(a_default_reference_is_none) {
  const weakref::ref<Image> r;
  BOOST_TEST((r == None));
  BOOST_TEST(r.expired());
  BOOST_TEST((r() == None));
  BOOST_TEST(id(r) == 0U);
}

BOOST_AUTO_TEST_CASE(there_is_one_reference_without_callback) {
  const auto image = make<Image>();
  const weakref::ref a{image};
  const weakref::ref b{image, None};
  const weakref::ref c{*image};
  const weakref::ref d = a;
  BOOST_TEST(is(a, b));
  BOOST_TEST(is(b, c));
  BOOST_TEST(is(c, d));
  BOOST_TEST(id(a) == id(d));
  BOOST_TEST(weakref::getweakrefcount(image) == 1U);
}

BOOST_AUTO_TEST_CASE(references_with_callbacks_are_never_shared) {
  const auto image = make<Image>();
  const auto callback = [](const weakref::ref<Image>&) {};
  const weakref::ref plain{image};
  const weakref::ref a{image, callback};
  const weakref::ref b{image, callback};
  BOOST_TEST(!is(a, b));
  BOOST_TEST(!is(a, plain));
  BOOST_TEST(weakref::getweakrefcount(image) == 3U);
}

BOOST_AUTO_TEST_CASE(an_empty_callback_is_no_callback) {
  const auto image = make<Image>();
  const weakref::callback_of<Image> none;
  const weakref::ref a{image, none};
  BOOST_TEST(is(a, weakref::ref{image}));
  BOOST_TEST(!a.has_callback());
}

BOOST_AUTO_TEST_CASE(a_reference_converts_to_one_of_the_base) {
  auto image = make<Image>();
  const weakref::ref derived{image};
  const weakref::ref<Base> base = derived;
  BOOST_TEST(is(base, derived));
  BOOST_TEST((base() == image));
  const weakref::ref<const Base> constant = base;
  BOOST_TEST(constant()->x == 1);
  const weakref::ref<Base> direct = image;
  BOOST_TEST(is(direct, derived));
}

BOOST_AUTO_TEST_CASE(none_cannot_be_referred_to) {
  const weakref::strong_ref<Image> none;
  BOOST_CHECK_EXCEPTION(weakref::ref{none}, weakref::TypeError, [](const auto& e) {
    return std::string(e.what()) == "cannot create weak reference to 'NoneType' object";
  });
  BOOST_CHECK_THROW((weakref::ref{none, [](const weakref::ref<Image>&) {}}), weakref::TypeError);
}

BOOST_AUTO_TEST_CASE(handles_move_copy_and_reset) {
  const auto image = make<Image>();
  weakref::ref a{image};
  weakref::ref b = std::move(a);
  BOOST_TEST((a == None));
  BOOST_TEST((b() == image));
  a = b;
  b.reset();
  BOOST_TEST((b == None));
  BOOST_TEST((a() == image));
  a.reset();
  BOOST_TEST(weakref::getweakrefcount(image) == 0U);
}

BOOST_AUTO_TEST_CASE(equality_of_live_references_is_that_of_their_referents) {
  struct Number : weakref::object {
    explicit Number(int v) : value(v) {}
    int value;
    bool operator==(const Number& other) const { return value == other.value; }
  };
  auto a = make<Number>(1);
  auto b = make<Number>(1);
  const auto c = make<Number>(2);
  const weakref::ref ra{a};
  const weakref::ref rb{b};
  const weakref::ref rc{c};
  BOOST_TEST((ra == rb));
  BOOST_TEST((ra != rc));
  a.reset();
  BOOST_TEST((ra != rb), "an equal pair is unequal once one is dead");
  b.reset();
  BOOST_TEST((ra != rb));
  BOOST_TEST((ra == ra), "a dead reference is equal to itself");
}

BOOST_AUTO_TEST_CASE(referents_without_equality_are_compared_by_identity) {
  const auto a = make<Image>();
  const auto b = make<Image>();
  BOOST_TEST((weakref::ref{a} == weakref::ref{a}));
  BOOST_TEST((weakref::ref{a} != weakref::ref{b}));
  BOOST_TEST((weakref::ref{a, [](const weakref::ref<Image>&) {}} == weakref::ref{a}));
}

BOOST_AUTO_TEST_CASE(a_reference_is_not_equal_to_its_referent) {
  const auto image = make<Image>();
  const weakref::ref r{image};
  BOOST_TEST(!(r == image));
  BOOST_TEST(!(image == r));
}

BOOST_AUTO_TEST_CASE(equality_holds_both_referents_and_may_kill_them) {
  struct Fickle : weakref::object {
    weakref::strong_ref<Fickle>* owner = nullptr;
    int value = 7;
    bool operator==(const Fickle& other) const {
      if (owner != nullptr) owner->reset();
      return value == other.value;
    }
  };
  auto a = make<Fickle>();
  const auto b = make<Fickle>();
  a->owner = &a;
  int calls = 0;
  const weakref::ref ra{a, [&](const weakref::ref<Fickle>&) { ++calls; }};
  BOOST_TEST((ra == weakref::ref{b}));
  BOOST_TEST(ra.expired());
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()
