#include "exploration.hpp"

#include <bit>

namespace model {

std::optional<unsigned> exploration::choose_thread(const threads& now) {
  if (depth_ < path_.size()) return path_[depth_].thread;
  find_races(now);
  choice fresh;
  fresh.at = now;
  fresh.sleeping = asleep();
  const thread_set awake = now.enabled & ~fresh.sleeping;
  if (awake == 0) return std::nullopt;
  // Whoever ran last goes on if he can: fewer switches.
  const bool goes_on = !path_.empty() && (awake & only(path_.back().thread)) != 0;
  fresh.thread = goes_on ? path_.back().thread : static_cast<unsigned>(std::countr_zero(awake));
  fresh.backtrack = reduction_ == reduction::none ? now.enabled : only(fresh.thread);
  path_.push_back(fresh);
  return fresh.thread;
}

std::size_t exploration::choose_outcome(std::size_t outcomes) noexcept {
  choice& now = path_[depth_];
  now.outcomes = outcomes;
  return now.outcome;
}

void exploration::done(bool wrote) noexcept {
  choice& now = path_[depth_];
  now.executed = {now.at.next[now.thread].location, wrote};
  vector_clock past = past_[now.thread];
  for (std::size_t i = 0; i < depth_; ++i) {
    if (dependent(path_[i].executed, now.executed)) past.join(path_[i].past);
  }
  past[now.thread] = static_cast<moment>(++depth_);
  now.past = past_[now.thread] = past;
}

bool exploration::next() noexcept {
  depth_ = 0;
  past_ = {};
  while (!path_.empty()) {
    choice& last = path_.back();
    if (++last.outcome < last.outcomes) return true;
    last.explored |= only(last.thread);
    last.outcome = 0;
    const thread_set left = last.backtrack & ~last.explored & ~last.sleeping;
    if (left != 0) {
      last.thread = static_cast<unsigned>(std::countr_zero(left));
      return true;
    }
    path_.pop_back();
  }
  return false;
}

/// Threads whose next operation was explored before the last choice, which does not bear on it.
thread_set exploration::asleep() const noexcept {
  if (path_.empty()) return 0;
  const choice& last = path_.back();
  thread_set sleeping = 0;
  for (unsigned t = 0; t < max_threads; ++t) {
    const bool explored = ((last.sleeping | last.explored) & only(t)) != 0;
    if (explored && !dependent(last.at.next[t], last.executed)) sleeping |= only(t);
  }
  return sleeping;
}

void exploration::find_races(const threads& now) noexcept {
  for (unsigned t = 0; t < max_threads; ++t) {
    if ((now.running & only(t)) != 0) find_race(t, now);
  }
}

/// The last operation that the thread's next one could have come before: there it gets its turn, too.
void exploration::find_race(unsigned thread, const threads& now) noexcept {
  for (std::size_t i = depth_; i-- > 0;) {
    choice& then = path_[i];
    if (then.thread == thread || !dependent(then.executed, now.next[thread])) continue;
    if (past_[thread][then.thread] > i) continue;
    if ((then.at.enabled & only(thread)) != 0) {
      then.backtrack |= only(thread);
    } else if (past_[thread][thread] > i) {
      then.backtrack |= then.at.enabled;
    }
    // Else it had been waiting there for just this operation, and could not come before.
    return;
  }
}

}  // namespace model
