#pragma once

#include <cstddef>
#include <string>

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

template <class Family, std::size_t bytes, class State>
void large_lifetime(State& state) {
  for (auto _ : state) {
    const auto owner = Family::template make_large<bytes>();
    keep(owner.get());
  }
}

/// Outlived by a reference, for a moment.
template <class Family, std::size_t bytes, class State>
void large_outlived(State& state) {
  for (auto _ : state) {
    auto owner = Family::template make_large<bytes>();
    typename Family::template large_weak<bytes> reference(owner);
    keep(owner.get());
    owner.reset();
    keep(reference);
  }
}

template <class Family, std::size_t bytes, class State, class Take>
void each_lifetime_of(Take take) {
  const std::string size = ':' + std::to_string(bytes);
  take("large_lifetime" + size, large_lifetime<Family, bytes, State>);
  take("large_outlived" + size, large_outlived<Family, bytes, State>);
}

template <class Family, class State, class Take>
void each_large_lifetime(Take take) {
  each_lifetime_of<Family, 4'000, State>(take);
  each_lifetime_of<Family, 5'000, State>(take);
  each_lifetime_of<Family, 64'000, State>(take);
  each_lifetime_of<Family, 1'000'000, State>(take);
}

template <class Family, class State, class Take>
void each_lifetime(Take take) {
  take("lifetime", lifetime<Family, State>);
  take("lifetime_with_reference", lifetime_with_reference<Family, State>);
}

}  // namespace benchmarks
