#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "child_program.hpp"

// Each case runs one of the programs in finalize_at_exit.cpp, to its exit and beyond.

namespace {

using Lines = std::vector<std::string>;

Lines run(const std::string& name) { return run_program(FINALIZE_AT_EXIT " " + name); }

}  // namespace

BOOST_AUTO_TEST_SUITE(finalize_exit)

BOOST_AUTO_TEST_CASE(live_ones_run_newest_first_and_one_made_meanwhile_comes_next) {
  BOOST_TEST(
      (run("live_ones") == Lines{"f4 foobar", "f3 error", "hook: division by zero", "g1", "f1 foobar"}));
}

BOOST_AUTO_TEST_CASE(one_made_meanwhile_comes_next_though_a_newer_one_was_passed_by) {
  BOOST_TEST((run("one_made_behind_one_without_atexit") == Lines{"older", "made meanwhile"}));
}

BOOST_AUTO_TEST_CASE(which_run_is_settled_at_the_beginning_and_when_one_was_made_meanwhile) {
  BOOST_TEST((run("a_change_of_mind") ==
              Lines{"not wanted any more", "one that was selected", "older", "made meanwhile"}));
}

BOOST_AUTO_TEST_CASE(one_without_atexit_runs_neither_then_nor_at_a_later_death) {
  BOOST_TEST((run("without_atexit") == Lines{"runs", "the object is dead"}));
}

BOOST_AUTO_TEST_CASE(a_call_after_the_exit_does_nothing) {
  BOOST_TEST((run("after_the_exit") == Lines{"dead", "alive", "did nothing"}));
}

BOOST_AUTO_TEST_CASE(one_that_an_exit_finalizer_detaches_does_not_run) {
  BOOST_TEST((run("detached_by_another") == Lines{"newest", "older"}));
}

BOOST_AUTO_TEST_CASE(an_object_that_dies_in_an_exit_finalizer_has_its_own_called_then) {
  BOOST_TEST((run("an_object_dies_meanwhile") == Lines{"first", "newest", "second"}));
}

BOOST_AUTO_TEST_CASE(a_thread_may_call_them_meanwhile_and_each_runs_once) {
  for (int i = 0; i < 20; ++i) BOOST_TEST(run("called_by_a_thread_meanwhile") == Lines{"1000"});
}

BOOST_AUTO_TEST_CASE(by_default_the_hook_prints) {
  BOOST_TEST((run("the_hook_by_default") ==
              Lines{"Exception in a finalizer at exit:", "std::runtime_error: nobody caught this"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_exception_is_reported_too) {
  BOOST_TEST((run("what_is_no_exception") ==
              Lines{"Exception in a finalizer at exit:", "an exception of unknown type"}));
}

BOOST_AUTO_TEST_CASE(of_a_hook_that_throws_both_exceptions_are_printed) {
  BOOST_TEST((run("a_hook_that_throws") ==
              Lines{"Exception ignored in the exception hook:", "std::logic_error: from the hook",
                    "Exception in a finalizer at exit:", "std::runtime_error: nobody caught this"}));
}

BOOST_AUTO_TEST_SUITE_END()
