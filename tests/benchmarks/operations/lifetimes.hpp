#pragma once

#include "../keep.hpp"

// Objects born and dead.

namespace benchmarks {

template <class Family, class State>
void lifetime(State& state) {
  for (auto _ : state) {
    const auto owner = Family::make();
    keep(owner.get());
  }
}

/// The reference outlives the object, as references do.
template <class Family, class State>
void lifetime_with_reference(State& state) {
  for (auto _ : state) {
    auto owner = Family::make();
    typename Family::weak reference(owner);
    keep(owner.get());
    owner.reset();
    keep(reference);
  }
}

template <class Family, class State, class Take>
void each_lifetime(Take take) {
  take("lifetime", lifetime<Family, State>);
  take("lifetime_with_reference", lifetime_with_reference<Family, State>);
}

}  // namespace benchmarks
