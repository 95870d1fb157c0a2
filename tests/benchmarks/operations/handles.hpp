#pragma once

#include "../keep.hpp"

// Operations on handles of one living object, warm.
//
// A family names its `strong` and `weak` handles, and has `make` and `lock`. A state counts the iterations:
// Google Benchmark's, or our own where that cannot be had.

namespace benchmarks {

/// An owner got from a reference, and dropped.
template <class Family, class State>
void deref(State& state) {
  const auto owner = Family::make();
  const typename Family::weak reference(owner);
  for (auto _ : state) {
    const auto held = Family::lock(reference);
    keep(held.get());
  }
}

template <class Family, class State>
void strong_copy(State& state) {
  const auto owner = Family::make();
  for (auto _ : state) {
    const auto copy = owner;
    keep(copy.get());
  }
}

/// A reference made from an owner, while another keeps it from being the first.
template <class Family, class State>
void further_reference(State& state) {
  const auto owner = Family::make();
  const typename Family::weak first(owner);
  for (auto _ : state) {
    typename Family::weak further(owner);
    keep(further);
  }
}

template <class Family, class State>
void reference_copy(State& state) {
  const auto owner = Family::make();
  const typename Family::weak first(owner);
  for (auto _ : state) {
    typename Family::weak copy(first);
    keep(copy);
  }
}

template <class Family, class State, class Take>
void each_operation_on_handles(Take take) {
  take("deref", deref<Family, State>);
  take("strong_copy", strong_copy<Family, State>);
  take("further_reference", further_reference<Family, State>);
  take("reference_copy", reference_copy<Family, State>);
}

}  // namespace benchmarks
