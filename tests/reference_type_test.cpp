#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::ReferenceType;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {};

struct Tagged : weakref::ReferenceType<Image> {
  Tagged(const strong_ref<Image>& ob, weakref::callback_of<Image> cb, int v)
      : ReferenceType(ob, cb),
        value(v) {}
  int value;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_type)

BOOST_AUTO_TEST_CASE(a_class_of_references_has_state_and_gives_the_referent) {
  auto image = make<Image>();
  const auto tagged = make<Tagged>(image, None, 24);
  static_assert(std::is_same_v<decltype(tagged), const strong_ref<Tagged>>);
  BOOST_TEST((tagged() == image));
  BOOST_TEST(tagged->value == 24);
  image.reset();
  BOOST_TEST((tagged() == None));
  BOOST_TEST(tagged->expired());
}

BOOST_AUTO_TEST_CASE(its_objects_are_never_shared_and_never_take_the_shared_place) {
  const auto image = make<Image>();
  const auto tagged = make<Tagged>(image, None, 1);
  const ref shared{image};
  const ref<Image> handle = tagged;
  BOOST_TEST(!is(shared, handle));
  BOOST_TEST(!is(ref<Image>(make<Tagged>(image, None, 1)), handle));
  const auto references = weakref::getweakrefs(image);
  BOOST_TEST(references.size() == 2U);
  BOOST_TEST(is(std::get<0>(references[0]), shared));
  BOOST_TEST(is(std::get<0>(references[1]), handle));
}

BOOST_AUTO_TEST_CASE(a_derived_class_may_call_itself_in_its_destructor_though_the_referent_died_in_it) {
  static bool alive = true;
  struct Calling : ReferenceType<Image> {
    using ReferenceType::ReferenceType;
    ~Calling() override { alive = (*this)() != None; }
  };
  struct Owning : Calling {
    explicit Owning(const strong_ref<Image>& ob) : Calling(ob), owner(ob) {}
    strong_ref<Image> owner;
  };
  ref<Image> handle = make<Owning>(make<Image>());
  make<Image>().reset();  // a block that was freed before that of the referent, which leads to it then
  handle.reset();
  BOOST_TEST(!alive);
}

BOOST_AUTO_TEST_CASE(it_converts_to_a_handle_of_the_same_object) {
  const auto image = make<Image>();
  auto tagged = make<Tagged>(image, None, 1);
  const ref<Image> handle = tagged;
  BOOST_TEST(getrefcount(tagged) == 2U);
  BOOST_TEST((handle() == image));
  BOOST_TEST(is(handle, ref<Image>(tagged)));
  BOOST_TEST((handle == ref{image}), "live references compare by referent");
  tagged.reset();
  BOOST_TEST(weakref::getweakrefcount(image) == 2U - 1U);
}

BOOST_AUTO_TEST_CASE(callbacks_are_not_conflated_and_get_the_reference) {
  auto image = make<Image>();
  std::string calls;
  std::optional<ref<Image>> argument;
  const auto a = make<Tagged>(image, [&](const ref<Image>&) { calls += "a"; }, 1);
  const auto b = make<Tagged>(
      image,
      [&](const ref<Image>& r) {
        calls += "b";
        argument = r;
      },
      2);
  BOOST_TEST(a->has_callback());
  image.reset();
  BOOST_TEST(calls == "ba");
  BOOST_TEST(is(*argument, ref<Image>(b)));
  BOOST_TEST(!a->has_callback());
}

BOOST_AUTO_TEST_CASE(it_can_be_weakly_referenced_itself) {
  static_assert(weakref::weakly_referenceable<Tagged>);
  const auto image = make<Image>();
  auto tagged = make<Tagged>(image, None, 1);
  const ref watch{tagged};
  static_assert(std::is_same_v<decltype(watch), const ref<Tagged>>);
  BOOST_TEST((watch() == tagged));
  tagged.reset();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(it_must_be_made_by_make) {
  const auto image = make<Image>();
  BOOST_CHECK_THROW(Tagged(image, None, 1), weakref::TypeError);
  BOOST_TEST(weakref::getweakrefcount(image) == 0U);
}

// A base that throws leaves a reference which never was one; memory checkers see that nothing is left.
BOOST_AUTO_TEST_CASE(a_constructor_may_throw_before_and_after_it_is_a_reference) {
  struct Refusal {
    explicit Refusal(bool refuses) {
      if (refuses) throw std::runtime_error("refused");
    }
  };
  struct Reference : Refusal, ReferenceType<Image> {
    Reference(const strong_ref<Image>& ob, bool before, bool after)
        : Refusal(before),
          ReferenceType(ob),
          last(after) {}
    Refusal last;
  };
  const auto image = make<Image>();
  BOOST_CHECK_THROW(make<Reference>(image, true, false), std::runtime_error);
  BOOST_CHECK_THROW(make<Reference>(image, false, true), std::runtime_error);
  BOOST_TEST(getweakrefcount(image) == 0U);
  const auto reference = make<Reference>(image, false, false);
  BOOST_TEST(getweakrefcount(image) == 1U);
}

BOOST_AUTO_TEST_CASE(the_call_can_be_given_another_meaning) {
  struct ExtendedRef : weakref::ReferenceType<Image> {
    explicit ExtendedRef(const strong_ref<Image>& ob) : ReferenceType(ob) {}
    std::map<std::string, int> annotations;
    int counter = 0;
    std::optional<std::pair<strong_ref<Image>, int>> operator()() {
      auto ob = ReferenceType::operator()();
      if (ob == None) return std::nullopt;
      return std::pair{ob, ++counter};
    }
  };
  auto image = make<Image>();
  const auto extended = make<ExtendedRef>(image);
  BOOST_TEST(extended()->second == 1);
  BOOST_TEST(extended()->second == 2);
  image.reset();
  BOOST_TEST(!extended().has_value());
}

BOOST_AUTO_TEST_CASE(none_is_refused) {
  BOOST_CHECK_THROW(make<Tagged>(strong_ref<Image>(), None, 1), weakref::TypeError);
}

BOOST_AUTO_TEST_CASE(a_keyed_reference_knows_its_key) {
  auto image = make<Image>();
  int calls = 0;
  const weakref::callback_of<Image> callback = [&](const ref<Image>&) { ++calls; };
  const auto keyed = make<weakref::KeyedRef<Image, std::string>>(image, callback, "logo");
  BOOST_TEST(keyed->key() == "logo");
  BOOST_TEST((keyed() == image));
  image.reset();
  BOOST_TEST(calls == 1);
  BOOST_TEST(keyed->key() == "logo");
}

BOOST_AUTO_TEST_SUITE_END()
