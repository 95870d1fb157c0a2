#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "allocation_failure.hpp"

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Node : weakref::object {};

using Names = std::vector<std::string>;

auto note(Names& names) {
  return [&names](const std::string& name) { names.push_back(name); };
}

struct UnraisableHook {
  std::vector<std::string> messages;
  weakref::exception_hook before = weakref::set_unraisablehook([this](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      messages.emplace_back(e.what());
    }
  });
  ~UnraisableHook() { weakref::set_unraisablehook(before); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(finalize)

BOOST_AUTO_TEST_CASE(a_call_gives_the_result_once) {
  auto node = make<Node>();
  std::vector<int> sums;
  const auto add = [&](int x, int y, int z) {
    sums.push_back(x + y + z);
    return x + y + z;
  };
  const weakref::finalize f{node, add, 67, 43, 89};
  BOOST_TEST(f.alive());
  BOOST_TEST(f().value() == 199);
  BOOST_TEST(!f().has_value());
  BOOST_TEST(!f.peek().has_value());
  BOOST_TEST(!f.detach().has_value());
  BOOST_TEST(!f.alive());
  node.reset();
  BOOST_TEST(sums == std::vector<int>{199});
}

BOOST_AUTO_TEST_CASE(a_call_of_a_void_function_tells_whether_it_ran) {
  auto node = make<Node>();
  const weakref::finalize f{node, [] {}};
  static_assert(std::is_same_v<decltype(f()), bool>);
  BOOST_TEST(f());
  BOOST_TEST(!f());
}

BOOST_AUTO_TEST_CASE(a_result_that_is_a_reference_is_wrapped) {
  auto node = make<Node>();
  int target = 1;
  const weakref::finalize f{node, [&]() -> int& { return target; }};
  BOOST_TEST(&f()->get() == &target);
}

BOOST_AUTO_TEST_CASE(peek_tells_what_would_be_called_and_leaves_it_alive) {
  auto node = make<Node>();
  int calls = 0;
  const weakref::finalize f{node, [&](int x, const std::string&) { calls += x; }, 2, std::string("two")};
  {
    const auto [obj, func, args] = f.peek().value();
    BOOST_TEST(is(obj, node));
    BOOST_TEST((args == std::tuple(2, std::string("two"))));
    std::apply(func, args);
  }
  BOOST_TEST(calls == 2);
  BOOST_TEST(f.alive());
  node.reset();
  BOOST_TEST(calls == 4);
}

BOOST_AUTO_TEST_CASE(detach_tells_the_same_and_kills_it) {
  auto node = make<Node>();
  int calls = 0;
  const weakref::finalize f{node, [&](int x) { calls += x; }, 2};
  {
    const auto info = f.detach();
    BOOST_TEST(is(info->obj, node));
    BOOST_TEST(std::get<0>(info->args) == 2);
  }
  BOOST_TEST(!f.alive());
  BOOST_TEST(!f.detach().has_value());
  BOOST_TEST(!f());
  node.reset();
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(it_runs_when_the_object_dies_though_no_handle_is_kept) {
  auto node = make<Node>();
  Names names;
  weakref::finalize(node, note(names), "gone");
  BOOST_TEST(names.empty());
  node.reset();
  BOOST_TEST(names == Names{"gone"});
}

BOOST_AUTO_TEST_CASE(finalizers_run_newest_first) {
  auto node = make<Node>();
  Names names;
  const auto append = note(names);
  std::optional f1{weakref::finalize{node, append, std::string("f1")}};
  const weakref::finalize f2{node, append, std::string("f2")};
  const weakref::finalize f3{node, append, std::string("f3")};
  std::optional f4{weakref::finalize{node, append, std::string("f4")}};
  const weakref::finalize f5{node, append, std::string("f5")};
  f1.reset();
  f4.reset();
  BOOST_TEST(f5.detach().has_value());
  BOOST_TEST(!f5());
  names.emplace_back("A");
  f3();
  BOOST_TEST(!f3.alive());
  names.emplace_back("B");
  f3();
  node.reset();
  BOOST_TEST(!f2.alive());
  names.emplace_back("D");
  f2();
  BOOST_TEST((names == Names{"A", "f3", "B", "f4", "f2", "f1", "D"}));
}

BOOST_AUTO_TEST_CASE(they_run_among_other_callbacks_by_age) {
  auto node = make<Node>();
  Names names;
  const ref older{node, [&](const ref<Node>&) { names.emplace_back("older"); }};
  const weakref::finalize f{node, note(names), "finalizer"};
  const ref newer{node, [&](const ref<Node>&) { names.emplace_back("newer"); }};
  node.reset();
  BOOST_TEST((names == Names{"newer", "finalizer", "older"}));
}

BOOST_AUTO_TEST_CASE(it_is_dead_before_its_function_runs) {
  auto node = make<Node>();
  std::optional<weakref::finalize<Node, std::function<int()>>> f;
  int calls = 0;
  f.emplace(node, [&] {
    ++calls;
    BOOST_TEST(!f->alive());
    BOOST_TEST(!f->peek().has_value());
    BOOST_TEST(!(*f)().has_value());
    return 7;
  });
  BOOST_TEST((*f)().value() == 7);
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(the_handle_may_go_while_its_function_runs) {
  auto node = make<Node>();
  std::optional<weakref::finalize<Node, std::function<int()>>> f;
  f.emplace(node, [&] {
    f.reset();
    return 7;
  });
  BOOST_TEST((*f)().value() == 7);
}

BOOST_AUTO_TEST_CASE(what_an_explicit_call_throws_propagates_and_kills_it) {
  auto node = make<Node>();
  const weakref::finalize f{node, [] { throw std::runtime_error("thrown"); }};
  BOOST_CHECK_THROW(f(), std::runtime_error);
  BOOST_TEST(!f.alive());
}

BOOST_AUTO_TEST_CASE(what_it_throws_at_death_is_reported) {
  UnraisableHook hook;
  auto node = make<Node>();
  Names names;
  weakref::finalize(node, note(names), "next");
  weakref::finalize(node, [] { throw std::runtime_error("thrown"); });
  node.reset();
  BOOST_TEST(hook.messages == Names{"thrown"});
  BOOST_TEST(names == Names{"next"});
}

BOOST_AUTO_TEST_CASE(a_pending_one_of_a_dead_object_is_alive_and_cannot_be_detached) {
  auto node = make<Node>();
  int calls = 0;
  const weakref::finalize f{node, [&] { ++calls; }};
  const ref newer{node, [&](const ref<Node>&) {
                    BOOST_TEST(f.alive());
                    BOOST_TEST(!f.peek().has_value());
                    BOOST_TEST(!f.detach().has_value());
                    BOOST_TEST(f.alive());
                    BOOST_TEST(calls == 0);
                  }};
  node.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_pending_one_of_a_dead_object_can_be_called) {
  auto node = make<Node>();
  int calls = 0;
  const weakref::finalize f{node, [&] { ++calls; }};
  const ref newer{node, [&](const ref<Node>&) { BOOST_TEST(f()); }};
  node.reset();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(it_counts_as_a_reference_while_it_is_alive) {
  auto node = make<Node>();
  const weakref::finalize f{node, [] {}};
  BOOST_TEST(getweakrefcount(node) == 1U);
  const auto references = getweakrefs(node);
  BOOST_TEST(references.size() == 1U);
  const auto& kept = std::get<ref<Node>>(references.front());
  BOOST_TEST(kept.has_callback());
  f();
  BOOST_TEST(getweakrefcount(node) == 0U);
  BOOST_TEST(getweakrefs(node).empty());
  BOOST_TEST(is(kept(), node));
  BOOST_TEST(!kept.has_callback());
  node.reset();
  BOOST_TEST(kept.expired());
}

BOOST_AUTO_TEST_CASE(atexit_is_true_by_default_and_false_once_dead) {
  auto node = make<Node>();
  const weakref::finalize f{node, [] {}};
  BOOST_TEST(f.atexit());
  f.atexit(false);
  BOOST_TEST(!f.atexit());
  f.atexit(true);
  BOOST_TEST(f.atexit());
  f();
  BOOST_TEST(!f.atexit());
  f.atexit(true);
  BOOST_TEST(!f.atexit());
}

BOOST_AUTO_TEST_CASE(function_and_arguments_go_when_it_has_run) {
  auto node = make<Node>();
  auto argument = make<Node>();
  const ref watch{argument};
  const weakref::finalize f{node, [](const strong_ref<Node>&) {}, std::move(argument)};
  argument.reset();
  BOOST_TEST(!watch.expired());
  f();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(all_is_freed_with_the_object) {
  auto node = make<Node>();
  auto argument = make<Node>();
  const ref watch{argument};
  weakref::finalize(node, [](const strong_ref<Node>&) {}, argument);
  argument.reset();
  BOOST_TEST(!watch.expired());
  node.reset();
  BOOST_TEST(watch.expired());
}

BOOST_AUTO_TEST_CASE(copies_are_handles_to_the_same_finalizer) {
  auto node = make<Node>();
  const weakref::finalize f{node, [] {}};
  const auto g = f;  // NOLINT(performance-unnecessary-copy-initialization)
  const weakref::finalize other{node, [] {}};
  BOOST_TEST((f == g));
  BOOST_TEST(is(f, g));
  BOOST_TEST(id(f) != id(other));
  BOOST_TEST((std::unordered_set{f, g}.size() == 1U));
  f();
  BOOST_TEST(!g.alive());
  BOOST_TEST(other.alive());
}

BOOST_AUTO_TEST_CASE(arguments_may_be_movable_only) {
  auto node = make<Node>();
  int sum = 0;
  weakref::finalize(node, [&](std::unique_ptr<int> x) { sum += *x; }, std::make_unique<int>(3));
  node.reset();
  BOOST_TEST(sum == 3);
}

BOOST_AUTO_TEST_CASE(the_function_may_be_a_member_or_an_object_with_owners) {
  struct Log : weakref::object {
    void add(int x) { sum += x; }
    void operator()(int x) { sum += 10 * x; }
    int sum = 0;
  };
  auto node = make<Node>();
  auto log = make<Log>();
  weakref::finalize(node, &Log::add, log, 1);
  weakref::finalize(node, log, 2);
  node.reset();
  BOOST_TEST(log->sum == 21);
}

BOOST_AUTO_TEST_CASE(an_object_makes_one_of_itself_in_its_constructor) {
  struct Directory : weakref::object {
    explicit Directory(Names& names) { weakref::finalize(*this, note(names), "removed"); }
  };
  Names names;
  auto directory = make<Directory>(names);
  BOOST_TEST(names.empty());
  directory.reset();
  BOOST_TEST(names == Names{"removed"});
}

BOOST_AUTO_TEST_CASE(it_is_no_reference_any_more_when_its_arguments_go) {
  struct Owned : weakref::object {
    explicit Owned(std::vector<std::size_t>& counts) : counts_(counts) {}
    void del() override { counts_.push_back(getweakrefcount(*this)); }
    std::vector<std::size_t>& counts_;
  };
  std::vector<std::size_t> counts;
  auto owned = make<Owned>(counts);
  const weakref::finalize f{owned, [&](const strong_ref<Owned>& o) { counts.push_back(getweakrefcount(o)); },
                            owned};
  owned.reset();
  f();
  BOOST_TEST(counts == (std::vector<std::size_t>{1, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_runs_after_del_and_not_if_that_resurrects) {
  struct Phoenix : weakref::object {
    explicit Phoenix(strong_ref<Phoenix>& nest, Names& names) : nest_(nest), names_(names) {}
    void del() override {
      names_.emplace_back("del");
      nest_ = strong_ref<Phoenix>(this);
    }
    strong_ref<Phoenix>& nest_;
    Names& names_;
  };
  strong_ref<Phoenix> nest;
  Names names;
  auto phoenix = make<Phoenix>(nest, names);
  const weakref::finalize f{phoenix, note(names), "finalizer"};
  phoenix.reset();
  BOOST_TEST(names == Names{"del"});
  BOOST_TEST(f.alive());
  nest.reset();
  BOOST_TEST((names == Names{"del", "finalizer"}));
}

BOOST_AUTO_TEST_CASE(none_is_refused) {
  BOOST_CHECK_EXCEPTION(weakref::finalize(strong_ref<Node>(), [] {}), weakref::TypeError, [](const auto& e) {
    return std::string(e.what()) == "cannot create weak reference to 'NoneType' object";
  });
}

BOOST_AUTO_TEST_CASE(its_repr_names_the_object_until_it_is_dead) {
  auto node = make<Node>();
  const weakref::finalize f{node, [] {}};
  std::ostringstream where;
  where << "; for '(anonymous namespace)::Node' at 0x" << std::hex << id(node) << ">";
  BOOST_TEST(repr(f).starts_with("<finalize object at 0x"));
  BOOST_TEST(repr(f).ends_with(where.str()));
  f();
  BOOST_TEST(repr(f).ends_with("; dead>"));
}

BOOST_AUTO_TEST_CASE(a_handle_cannot_be_referred_to) {
  using F = weakref::finalize<Node, void (*)()>;
  BOOST_TEST(!weakref::weakly_referenceable<F>);
}

BOOST_AUTO_TEST_CASE(without_memory_nothing_is_registered) {
  auto node = make<Node>();
  weakref::finalize(node, [] {})();  // the first registers with the exit
  int calls = 0;
  const std::string name(100, 'x');
  for_each_allocation_failing([&] {
    weakref::finalize(node, [&](const std::string&) { ++calls; }, name).detach();
    BOOST_TEST(getweakrefcount(node) == 0U);
  });
  BOOST_TEST(getweakrefcount(node) == 0U);
  node.reset();
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(a_handle_that_was_moved_from_is_dead) {
  const auto node = make<Node>();
  int calls = 0;
  weakref::finalize f{node, [&calls] { ++calls; }};
  const auto moved = std::move(f);
  BOOST_TEST(!f.alive());  // NOLINT(bugprone-use-after-move)
  BOOST_TEST(!f());
  BOOST_TEST(!f.atexit());
  f.atexit(true);
  BOOST_TEST(!f.detach().has_value());
  BOOST_TEST(!f.peek().has_value());
  BOOST_TEST(repr(f).ends_with("; dead>"));
  BOOST_TEST(!(f == moved));
  BOOST_TEST(calls == 0);
  BOOST_TEST(moved());
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_peek_is_whole_though_the_finalizer_is_detached_while_it_copies) {
  static std::function<void()> on_copy;
  struct Function {
    Function() = default;
    Function(const Function&) {
      if (on_copy) std::exchange(on_copy, nullptr)();
    }
    Function(Function&&) noexcept {}
    Function& operator=(const Function&) = delete;
    ~Function() = default;
    void operator()(const std::string&) const {}
  };
  const auto node = make<Node>();
  const std::string long_text(100, 'x');
  const weakref::finalize f{node, Function(), long_text};
  std::string detached;
  on_copy = [&] { detached = std::get<0>(f.detach()->args); };
  const auto peeked = f.peek();
  BOOST_TEST(std::get<0>(peeked->args) == long_text);
  BOOST_TEST(detached == long_text);
  BOOST_TEST(!f.alive());
}

BOOST_AUTO_TEST_SUITE_END()
