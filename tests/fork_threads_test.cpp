#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "child_program.hpp"

// Each case runs one of the programs in forks.cpp: it forks again and again while other threads use the
// library, and says how many of its children came to their end.

namespace {

using Lines = std::vector<std::string>;

Lines run(const std::string& name, const std::string& children) {
  return run_program(FORKS " " + name + " " + children);
}

// With a sanitizer each takes as long as ten.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(SANITIZED)
const std::string some = "40";
#else
const std::string some = "250";
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(fork_threads)

BOOST_AUTO_TEST_CASE(children_of_a_busy_process_work_and_run_finalizers_at_exit) {
  BOOST_TEST(run("busy_threads", "250") == Lines{"250"});
}

BOOST_AUTO_TEST_CASE(while_threads_make_finalizers) {
  BOOST_TEST(run("finalizers_only", some) == Lines{some});
}

BOOST_AUTO_TEST_CASE(while_threads_have_objects_that_make_did_not_make) {
  BOOST_TEST(run("unmade_objects_only", some) == Lines{some});
}

BOOST_AUTO_TEST_CASE(while_threads_set_and_run_hooks) { BOOST_TEST(run("hooks_only", some) == Lines{some}); }

BOOST_AUTO_TEST_CASE(while_threads_ask_for_types) { BOOST_TEST(run("types_only", some) == Lines{some}); }

BOOST_AUTO_TEST_CASE(while_threads_begin_and_end) { BOOST_TEST(run("threads_only", some) == Lines{some}); }

BOOST_AUTO_TEST_CASE(a_finalizer_runs_though_a_thread_was_changing_the_references_to_its_object) {
  BOOST_TEST(run("finalizer_of_a_busy_object", some) == (Lines{some, some}));
}

BOOST_AUTO_TEST_CASE(while_the_first_finalizers_are_made) {
  for (int i = 0; i < 20; ++i) BOOST_TEST(run("first_finalizers", "1") == Lines{"1"});
}

BOOST_AUTO_TEST_CASE(what_other_threads_pinned_stays_counted) {
  BOOST_TEST(run("pinned_bytes_of_other_threads", "1") == Lines{"1"});
}

BOOST_AUTO_TEST_SUITE_END()
