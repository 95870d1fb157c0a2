#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {
  int width = 0;
};

using Calls = std::vector<std::string>;

auto note(Calls& calls, std::string text) {
  return [&calls, text](const ref<Image>&) { calls.push_back(text); };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(callback)

BOOST_AUTO_TEST_CASE(it_runs_once_with_the_dead_reference_itself) {
  auto image = make<Image>();
  int calls = 0;
  std::optional<ref<Image>> argument;
  const ref r{image, [&](const ref<Image>& dead) {
                ++calls;
                argument = dead;
                BOOST_TEST(dead.expired());
              }};
  BOOST_TEST(r.has_callback());
  image.reset();
  BOOST_TEST(calls == 1);
  BOOST_TEST(is(*argument, r));
}

BOOST_AUTO_TEST_CASE(all_references_are_dead_before_any_callback_runs) {
  auto image = make<Image>();
  std::vector<ref<Image>> references{ref{image}};
  int calls = 0;
  for (int i = 0; i < 3; ++i) {
    references.emplace_back(image, [&](const ref<Image>&) {
      ++calls;
      for (const auto& other : references) BOOST_TEST(other.expired());
    });
  }
  image.reset();
  BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(callbacks_run_newest_first_references_and_proxies_mixed) {
  auto image = make<Image>();
  Calls calls;
  const ref a{image, note(calls, "a")};
  const auto p = proxy(image, [&](const auto&) { calls.push_back("p"); });
  const ref plain{image};
  const ref b{image, note(calls, "b")};
  image.reset();
  BOOST_TEST(calls == (Calls{"b", "p", "a"}));
}

BOOST_AUTO_TEST_CASE(a_reference_destroyed_first_is_never_called) {
  auto image = make<Image>();
  Calls calls;
  {
    const ref gone{image, note(calls, "gone")};
  }
  image.reset();
  BOOST_TEST(calls.empty());
}

BOOST_AUTO_TEST_CASE(every_reference_alive_at_the_clearing_is_called_though_a_callback_drops_it) {
  auto image = make<Image>();
  Calls calls;
  ref older{image, note(calls, "older")};
  const ref newer{image, [&](const ref<Image>&) {
                    calls.push_back("newer");
                    older.reset();
                  }};
  image.reset();
  BOOST_TEST(calls == (Calls{"newer", "older"}));
}

BOOST_AUTO_TEST_CASE(a_callback_may_drop_its_own_reference) {
  auto image = make<Image>();
  int calls = 0;
  std::optional<ref<Image>> own;
  own.emplace(image, [&](const ref<Image>&) {
    ++calls;
    own.reset();
  });
  image.reset();
  BOOST_TEST(calls == 1);
  BOOST_TEST(!own.has_value());
}

BOOST_AUTO_TEST_CASE(the_callback_is_known_by_its_type_until_the_referent_dies) {
  struct Named {
    std::string name;
    void operator()(const ref<Image>& dead) const {
      BOOST_TEST(!dead.has_callback());
      BOOST_TEST(!dead.callback<Named>());
    }
  };
  auto image = make<Image>();
  const ref plain{image};
  const ref r{image, Named{"it"}};
  BOOST_TEST(!plain.callback<Named>());
  BOOST_TEST(!plain.has_callback());
  BOOST_TEST(r.callback<Named>()->name == "it");
  BOOST_TEST(!r.callback<int>());
  image.reset();
  BOOST_TEST(!r.callback<Named>());
  BOOST_TEST(!r.has_callback());
}

BOOST_AUTO_TEST_CASE(what_the_callback_owns_is_destroyed_after_the_last_callback_though_the_reference_lives) {
  auto image = make<Image>();
  const auto token = std::make_shared<int>(1);
  long owners_in_older = 0;
  const ref older{image, [&](const ref<Image>&) { owners_in_older = token.use_count(); }};
  const ref newer{image, [token](const ref<Image>&) {}};
  BOOST_TEST(token.use_count() == 2);
  image.reset();
  BOOST_TEST(owners_in_older == 2);
  BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(what_a_callback_throws_goes_to_the_hook_and_the_next_one_runs) {
  std::vector<std::string> reports;
  const auto before = weakref::set_unraisablehook([&](const weakref::unraisable& report) {
    try {
      std::rethrow_exception(report.exception);
    } catch (const std::exception& e) {
      reports.push_back(e.what());
    } catch (int i) {
      reports.push_back(std::to_string(i));
    }
  });
  auto image = make<Image>();
  Calls calls;
  const ref a{image, note(calls, "a")};
  const ref b{image, [](const ref<Image>&) { throw 5; }};
  const ref c{image, [](const ref<Image>&) { throw std::runtime_error("c"); }};
  image.reset();
  weakref::set_unraisablehook(before);
  BOOST_TEST(reports == (std::vector<std::string>{"c", "5"}));
  BOOST_TEST(calls == (Calls{"a"}));
}

BOOST_AUTO_TEST_CASE(an_exception_in_flight_survives) {
  int calls = 0;
  const auto unwind = [&calls] {
    auto image = make<Image>();
    const ref r{image, [&calls](const ref<Image>&) {
                  ++calls;
                  try {
                    throw std::logic_error("inner");
                  } catch (const std::logic_error&) {
                  }
                }};
    const auto held = std::move(image);
    throw std::runtime_error("outer");
  };
  for (int twice = 0; twice < 2; ++twice) {
    BOOST_CHECK_EXCEPTION(unwind(), std::runtime_error,
                          [](const auto& e) { return std::string(e.what()) == "outer"; });
  }
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(a_callback_that_drops_the_last_owner_of_another_watched_object_nests) {
  auto inner = make<Image>();
  auto outer = make<Image>();
  Calls calls;
  const ref watch_inner{inner, note(calls, "inner")};
  const ref first{outer, note(calls, "outer, older")};
  const ref second{outer, [&](const ref<Image>&) {
                     calls.push_back("outer, newer");
                     inner.reset();
                   }};
  outer.reset();
  BOOST_TEST(calls == (Calls{"outer, newer", "inner", "outer, older"}));
}

BOOST_AUTO_TEST_CASE(a_callback_object_can_itself_be_watched) {
  struct Callback : weakref::object {
    void operator()(const ref<Image>&) const {}
  };
  const auto image = make<Image>();
  auto function = make<Callback>();
  int calls = 0;
  const ref watch{function, [&](const ref<Callback>&) { ++calls; }};
  std::optional<ref<Image>> r;
  r.emplace(image, function);
  function.reset();
  BOOST_TEST(calls == 0, "the reference owns its callback");
  r.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_shared_callback_converts_to_callback_of) {
  auto image = make<Image>();
  Calls calls;
  const weakref::callback_of<Image> callback = note(calls, "shared");
  const ref a{image, callback};
  const ref b{image, callback};
  BOOST_TEST(a.has_callback());
  image.reset();
  BOOST_TEST(calls == (Calls{"shared", "shared"}));
}

BOOST_AUTO_TEST_CASE(it_must_take_a_reference) {
  static_assert(std::is_constructible_v<ref<Image>, strong_ref<Image>, void (*)(const ref<Image>&)>);
  static_assert(!std::is_constructible_v<ref<Image>, strong_ref<Image>, void (*)(int, int)>);
  static_assert(!std::is_constructible_v<ref<Image>, strong_ref<Image>, int>);
  BOOST_TEST((std::is_constructible_v<ref<Image>, strong_ref<Image>, void (*)(ref<Image>)>));
}

BOOST_AUTO_TEST_CASE(a_callback_that_was_asked_for_stays_valid_and_cannot_be_changed) {
  struct Named {
    std::string name;
    void operator()(const ref<Image>&) const {}
  };
  auto image = make<Image>();
  std::optional<ref<Image>> r;
  r.emplace(image, Named{"it"});
  auto callback = r->callback<Named>();
  static_assert(std::is_same_v<decltype(callback), weakref::held<const Named>>);
  static_assert(!std::is_assignable_v<decltype(*callback), Named>, "as __callback__ is");
  const ref watch{image};
  image.reset();
  r.reset();
  BOOST_TEST(callback->name == "it");
  BOOST_TEST(!watch.expired(), "the referent is held, whose death would destroy the callback");
  const auto moved = std::move(callback);
  BOOST_TEST(!callback);  // NOLINT(bugprone-use-after-move)
  BOOST_TEST((*moved).name == "it");
  callback = {};
  BOOST_TEST(!watch.expired());
}

BOOST_AUTO_TEST_SUITE_END()
