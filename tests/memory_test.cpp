#include <functional>
#include <variant>  // of getweakrefs(), which GCC 15 cannot instantiate out of sight
#include <vector>

#include <boost/test/unit_test.hpp>

#include "allocation_failure.hpp"

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

// Whatever allocation fails, nothing is lost: what was to be made is not there, and all else is as it was.

namespace {

struct Image : weakref::object {
  std::vector<int> pixels = std::vector<int>(16);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(make_makes_all_or_nothing) {
  strong_ref<Image> image;
  const auto failures =
      for_each_allocation_failing([&] { image = make<Image>(); }, [&] { BOOST_TEST(!image); });
  BOOST_TEST(failures == (allocation_failure::possible ? 2U : 0U));
  BOOST_TEST(image->pixels.size() == 16U);
}

BOOST_AUTO_TEST_CASE(a_plain_reference_allocates_nothing) {
  auto image = make<Image>();
  ref<Image> r;
  BOOST_TEST(for_each_allocation_failing([&] {
               r = ref{image};
               (void)r();
               auto copy = r;
               copy.reset();
             }) == 0U);
  BOOST_TEST((r() == image));
}

BOOST_AUTO_TEST_CASE(a_reference_with_a_callback_is_there_or_not) {
  auto image = make<Image>();
  int calls = 0;
  ref<Image> r;
  const auto failures =
      for_each_allocation_failing([&] { r = ref<Image>(image, [&](const ref<Image>&) { ++calls; }); },
                                  [&] { BOOST_TEST(weakref::getweakrefcount(image) == 0U); });
  BOOST_TEST(failures == (allocation_failure::possible ? 1U : 0U), "one object with the callback in place");
  image.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(proxies_classes_of_references_and_lists_are_there_or_not) {
  const auto image = make<Image>();
  for_each_allocation_failing([&] { (void)proxy(image); },
                              [&] { BOOST_TEST(weakref::getweakrefcount(image) == 0U); });
  for_each_allocation_failing([&] { (void)proxy(image, [](const auto&) {}); },
                              [&] { BOOST_TEST(weakref::getweakrefcount(image) == 0U); });
  for_each_allocation_failing(
      [&] { make<weakref::KeyedRef<Image, int>>(image, [](const ref<Image>&) {}, 5); },
      [&] { BOOST_TEST(weakref::getweakrefcount(image) == 0U); });
  const ref a{image, [](const ref<Image>&) {}};
  const ref b{image};
  for_each_allocation_failing([&] { (void)weakref::getweakrefs(image); },
                              [&] { BOOST_TEST(weakref::getweakrefcount(image) == 2U); });
}

BOOST_AUTO_TEST_CASE(the_first_hash_of_the_shared_reference_may_fail_and_be_asked_again) {
  const auto image = make<Image>();
  const ref r{image};
  std::size_t hash = 0;
  for_each_allocation_failing([&] { hash = std::hash<ref<Image>>()(r); });
  BOOST_TEST(hash == std::hash<strong_ref<Image>>()(image));
}

BOOST_AUTO_TEST_CASE(dying_allocates_nothing_and_skips_no_callback) {
  auto image = make<Image>();
  int calls = 0;
  std::vector<ref<Image>> references;
  for (int i = 0; i < 50; ++i) references.emplace_back(image, [&](const ref<Image>&) { ++calls; });
  const auto p = proxy(image, [&](const auto&) { ++calls; });
  BOOST_TEST(for_each_allocation_failing([&] { image.reset(); }) == 0U);
  BOOST_TEST(calls == 51);
  for (const auto& r : references) BOOST_REQUIRE(r.expired());
}

BOOST_AUTO_TEST_SUITE_END()
