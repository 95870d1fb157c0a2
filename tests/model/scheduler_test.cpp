#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

#include "atomic.hpp"
#include "scheduler.hpp"

// The checker checked: it sees what C++ allows, no more and no less, on programs whose outcomes are known.

namespace {

using namespace model;
using enum std::memory_order;

std::set<int> outcomes;

verdict run(void (*program)(), reduction used = reduction::partial_order) {
  outcomes.clear();
  return explore(program, {.late_loads = 8, .reduce = used});
}

template <std::memory_order Store, std::memory_order Load>
void pass_a_message() {
  variable<int> message{0};
  atomic<bool> sent{false};
  concurrently(
      [&] {
        message = 1;
        sent.store(true, Store);
      },
      [&] {
        if (sent.load(Load)) require(message == 1, "the message is not seen");
      });
}

template <std::memory_order Order>
void store_and_look() {
  atomic<int> x{0};
  atomic<int> y{0};
  int a = 0;
  int b = 0;
  concurrently(
      [&] {
        x.store(1, Order);
        a = y.load(Order == release ? acquire : Order);
      },
      [&] {
        y.store(1, Order);
        b = x.load(Order == release ? acquire : Order);
      });
  outcomes.insert(a * 2 + b);
}

void add_up() {
  atomic<int> sum{0};
  const auto add = [&] { sum.fetch_add(1, relaxed); };
  concurrently(add, add, add);
  require(sum.load(relaxed) == 3, "an addition is lost");
}

void add_up_in_two_steps() {
  atomic<int> sum{0};
  const auto add = [&] { sum.store(sum.load(relaxed) + 1, relaxed); };
  concurrently(add, add);
  outcomes.insert(sum.load(relaxed));
}

void read_twice() {
  atomic<int> x{0};
  concurrently(
      [&] {
        x.store(1, relaxed);
        x.store(2, relaxed);
      },
      [&] {
        const int first = x.load(relaxed);
        const int second = x.load(relaxed);
        require(first <= second, "a newer value was followed by an older one");
        outcomes.insert(first * 3 + second);
      });
}

void continue_a_release_sequence() {
  variable<int> message{0};
  atomic<int> steps{0};
  concurrently(
      [&] {
        message = 1;
        steps.fetch_add(1, release);
      },
      [&] { steps.fetch_add(1, relaxed); },
      [&] {
        if (steps.load(acquire) == 2) require(message == 1, "the message is not seen");
      });
}

void lock_twice_without_unlocking() {
  atomic<bool> locked{false};
  const auto lock = [&] {
    while (locked.exchange(true, acquire)) {
      model_counting::pause(0);
      while (locked.load(relaxed)) model_counting::pause(0);
    }
  };
  concurrently(lock, lock);
}

template <int Mistake>
void free_wrongly() {
  auto& scheduler = the_scheduler();
  void* const memory = scheduler.allocate(sizeof(atomic<int>), "memory");
  auto& used = *::new (memory) atomic<int>(0);
  concurrently([&] { used.fetch_add(1, relaxed); },
               [&] {
                 if (used.load(relaxed) == 1) scheduler.free(memory);
                 if (Mistake == 2) scheduler.free(memory);
               });
}

void two_on_each_of_two() {
  atomic<int> x{0};
  atomic<int> y{0};
  const auto both = [&] {
    x.fetch_add(1, relaxed);
    y.store(x.load(relaxed), relaxed);
  };
  concurrently(both, both, [&] { outcomes.insert(10 * y.load(relaxed) + x.load(relaxed)); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_checker)

BOOST_AUTO_TEST_CASE(a_message_that_is_released_and_acquired_arrives) {
  BOOST_TEST((run(pass_a_message<release, acquire>).error == ""));
}

BOOST_AUTO_TEST_CASE(a_message_that_is_not_released_is_a_race) {
  BOOST_TEST(run(pass_a_message<relaxed, acquire>).error.find("races") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_message_that_is_not_acquired_is_a_race) {
  BOOST_TEST(run(pass_a_message<release, relaxed>).error.find("races") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(loads_may_be_late) {
  BOOST_TEST(run(store_and_look<release>).error == "");
  BOOST_TEST((outcomes == std::set{0, 1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(read_modify_writes_are_never_late) { BOOST_TEST(run(add_up).error == ""); }

BOOST_AUTO_TEST_CASE(a_load_and_a_store_may_lose_an_addition) {
  BOOST_TEST(run(add_up_in_two_steps).error == "");
  BOOST_TEST((outcomes == std::set{1, 2}));
}

BOOST_AUTO_TEST_CASE(what_was_read_once_is_not_forgotten) {
  BOOST_TEST(run(read_twice).error == "");
  BOOST_TEST(outcomes.size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_read_modify_write_continues_a_release_sequence) {
  BOOST_TEST(run(continue_a_release_sequence).error == "");
}

BOOST_AUTO_TEST_CASE(a_lock_that_nobody_gives_back_is_a_deadlock) {
  BOOST_TEST(run(lock_twice_without_unlocking).error == "deadlock");
}

BOOST_AUTO_TEST_CASE(to_free_what_others_may_use_is_an_error) {
  BOOST_TEST(run(free_wrongly<1>).error != "");
  BOOST_TEST(run(free_wrongly<2>).error != "");
}

BOOST_AUTO_TEST_CASE(the_reduction_loses_no_outcome) {
  const verdict whole = run(two_on_each_of_two, reduction::none);
  const auto all = outcomes;
  const verdict reduced = run(two_on_each_of_two);
  BOOST_TEST((outcomes == all));
  BOOST_TEST(reduced.executions == whole.executions);
  BOOST_TEST(reduced.redundant <= whole.redundant);
}

BOOST_AUTO_TEST_SUITE_END()
