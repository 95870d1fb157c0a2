#include "scheduler.hpp"

#include <cstdlib>
#include <sstream>
#include <utility>

namespace model {

scheduler& the_scheduler() noexcept {
  static scheduler& one = *new scheduler;  // outlives what is deleted at exit
  return one;
}

void fail(std::string error) { the_scheduler().fail(std::move(error)); }

verdict explore(void (*program)(), const options& used) { return the_scheduler().explore(program, used); }

verdict scheduler::explore(void (*program)(), const options& used) {
  exploration tree(used.reduce);
  exploration_ = &tree;
  verdict_ = {};
  do {
    late_loads_ = used.late_loads;
    reuse_ = used.reuse;
    program_ = program;
    run_once();
    ++(redundant_ ? verdict_.redundant : verdict_.executions);
  } while (verdict_.error.empty() && verdict_.executions < used.at_most && tree.next());
  return std::exchange(verdict_, {});
}

void scheduler::ready(thread& fresh, void (*body)()) {
  if (!fresh.idle) fresh.runs.restart(body);
  fresh.idle = fresh.finished = fresh.spins = false;
}

void scheduler::run_once() {
  memory_.clear(reuse_);
  steps_.clear();
  count_ = 1;
  running_ = 0;
  spawned_ = starting_ = aside_ = redundant_ = false;
  threads_[0].sees = {0, {}};
  threads_[0].sees.now[0] = 1;
  ready(threads_[0], run_program);
  explorer_.switch_to(threads_[0].runs);
}

void scheduler::run_program() {
  scheduler& self = the_scheduler();
  for (;;) {
    self.program_();
    self.memory_.check_that_all_is_freed();
    self.threads_[0].idle = true;
    self.threads_[0].runs.switch_to(self.explorer_);
  }
}

/// Back to the explorer, for good: the fibers are not resumed, and what is on their stacks is forgotten.
void scheduler::give_up() {
  threads_[running_].idle = false;
  threads_[running_].runs.switch_to(explorer_);
  std::abort();
}

void scheduler::fail(std::string error) {
  verdict_.error = std::move(error);
  verdict_.schedule = schedule();
  give_up();
}

// ---- threads

void scheduler::spawn(void (*body)(const void*), const void* argument) {
  if (count_ == max_threads) fail("too many threads");
  spawned_ = true;
  thread& fresh = threads_[count_];
  fresh.body = body;
  fresh.argument = argument;
  fresh.sees = {count_, threads_[0].sees.now};
  fresh.sees.now[count_] = 1;
  ready(fresh, run_thread);
  ++count_;
}

void scheduler::join() {
  ++threads_[0].sees.now[0];
  starting_ = true;  // every thread comes to its first operation
  for (unsigned t = 1; t < count_; ++t) resume(t);
  starting_ = false;
  resume_any();
  for (unsigned t = 1; t < count_; ++t) threads_[0].sees.now.join(threads_[t].sees.now);
  count_ = 1;
}

void scheduler::run_thread() {
  scheduler& self = the_scheduler();
  thread& runs = self.threads_[self.running_];
  for (;;) {
    runs.body(runs.argument);
    runs.finished = runs.idle = true;
    if (self.starting_) {
      self.resume(0);
    } else {
      self.resume_any();
    }
  }
}

void scheduler::resume(unsigned next) {
  const unsigned last = std::exchange(running_, next);
  if (last != next) threads_[last].runs.switch_to(threads_[next].runs);
}

void scheduler::resume_any() {
  exploration::threads now;
  for (unsigned t = 1; t < count_; ++t) {
    if (threads_[t].finished) continue;
    now.running |= only(t);
    now.next[t] = threads_[t].next;
    if (!waits(threads_[t])) now.enabled |= only(t);
  }
  if (now.running == 0) return resume(0);
  if (now.enabled == 0) fail("deadlock");
  const auto chosen = exploration_->choose_thread(now);
  if (!chosen) {
    redundant_ = true;
    give_up();
  }
  resume(*chosen);
}

/// Returns when it is the running thread's turn to do its next operation.
void scheduler::reach(const operation& next) {
  if (running_ == 0) return;
  threads_[running_].next = next;
  if (starting_) return resume(0);
  resume_any();
}

bool scheduler::waits(const thread& asked) const noexcept {
  return asked.spins && !asked.next.writes && asked.next.location == asked.loaded &&
         memory_.newest(asked.loaded) == asked.loaded_store;
}

void scheduler::pause() noexcept { threads_[running_].spins = true; }

// ---- operations

unsigned scheduler::add_atomic(const void* address, word value) {
  const observer& by = threads_[running_].sees;
  const unsigned added = memory_.add_location(address, by);
  memory_.add_atomic(added, value, by);
  return added;
}

unsigned scheduler::add_variable(const void* address) {
  return memory_.add_location(address, threads_[running_].sees);
}

void scheduler::read(unsigned variable) { memory_.read(variable, threads_[running_].sees); }

void scheduler::write(unsigned variable) { memory_.write(variable, threads_[running_].sees); }

void* scheduler::allocate(std::size_t size, const char* name) { return memory_.allocate(size, name); }

void scheduler::free(void* start) { memory_.free(start, threads_[running_].sees); }

scheduler::word scheduler::load(unsigned atomic, std::memory_order order) {
  if (aside_) return memory_.value(atomic, memory_.newest(atomic));
  reach({atomic, false});
  thread& self = threads_[running_];
  std::size_t store = memory_.newest(atomic);
  std::size_t late = 0;
  if (running_ != 0) {
    // Whoever spins has waited for the newest store.
    const bool may_be_late = late_loads_ != 0 && !self.spins;
    late = exploration_->choose_outcome(may_be_late ? memory_.visible(atomic, self.sees) : 1);
    if (late != 0) --late_loads_;
    store -= late;
  }
  self.spins = false;
  self.loaded = atomic;
  self.loaded_store = store;
  memory_.load(atomic, store, order, self.sees);
  const word value = memory_.value(atomic, store);
  done("load", atomic, value, value, false, late != 0);
  return value;
}

void scheduler::store(unsigned atomic, word value, std::memory_order order) {
  reach({atomic, true});
  const word before = memory_.value(atomic, memory_.newest(atomic));
  memory_.store(atomic, value, order, false, threads_[running_].sees);
  done("store", atomic, before, value, true);
}

scheduler::word scheduler::begin_modify(unsigned atomic, std::memory_order order) {
  const std::size_t newest = memory_.newest(atomic);
  memory_.load(atomic, newest, order, threads_[running_].sees);
  return memory_.value(atomic, newest);
}

void scheduler::end_modify(unsigned atomic, word old, word value, std::memory_order order) {
  memory_.store(atomic, value, order, true, threads_[running_].sees);
  done("modify", atomic, old, value, true);
}

bool scheduler::compare_exchange(unsigned atomic, word& expected, word desired, std::memory_order success,
                                 std::memory_order failure) {
  reach({atomic, true});
  const word old = memory_.value(atomic, memory_.newest(atomic));
  if (old == expected) {
    static_cast<void>(begin_modify(atomic, success));
    end_modify(atomic, old, desired, success);
    return true;
  }
  static_cast<void>(begin_modify(atomic, failure));
  done("modify in vain", atomic, old, old, false);
  expected = old;
  return false;
}

void scheduler::done(const char* what, unsigned location, word before, word after, bool wrote, bool late) {
  steps_.push_back({running_, what, location, before, after, late});
  if (running_ != 0) exploration_->done(wrote);
  if (steps_.size() > 1000) fail("no end in sight");
}

std::string scheduler::schedule() const {
  std::ostringstream text;
  for (const step& s : steps_) {
    text << "  thread " << s.thread << ": " << s.what << ' ' << memory_.name(s.location) << std::hex << "  0x"
         << s.before;
    if (s.before != s.after) text << " -> 0x" << s.after;
    text << std::dec << (s.late ? "  (late)" : "") << '\n';
  }
  return text.str();
}

}  // namespace model
