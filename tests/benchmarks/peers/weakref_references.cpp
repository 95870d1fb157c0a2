// weakref itself: owners and references, and what is built on them.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "../contender.hpp"
#include "../keep.hpp"
#include "../operations/callbacks.hpp"
#include "../operations/cold.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/memory.hpp"
#include "../operations/threads.hpp"
#include "../operations/uses.hpp"
#include "../payload.hpp"
#include "../peer.hpp"

import weakref;

namespace benchmarks {
namespace {

struct object_payload : payload<weakref::object> {
  std::uint64_t first() const { return words[0]; }
};

struct weakref_family {
  using strong = weakref::strong_ref<object_payload>;
  using weak = weakref::ref<object_payload>;
  static strong make() { return weakref::make<object_payload>(); }
  template <std::size_t bytes>
  static auto make_large() {
    return weakref::make<large_payload<weakref::object, bytes>>();
  }
  template <std::size_t bytes>
  using large_weak = weakref::ref<large_payload<weakref::object, bytes>>;
  static strong lock(const weak& reference) noexcept { return reference(); }
};

void callback_reference(benchmark::State& state) {
  const auto owner = weakref_family::make();
  std::uint64_t fired = 0;
  for (auto _ : state) {
    weakref_family::weak one(owner, [&fired](const weakref_family::weak&) { ++fired; });
    keep(one);
  }
  if (fired != 0) state.SkipWithError("a callback ran while its referent was alive");
}

std::size_t fired_callbacks = 0;

class watched {
 public:
  explicit watched(std::size_t callbacks) {
    references_.reserve(callbacks);
    for (std::size_t i = 0; i < callbacks; ++i) {
      references_.emplace_back(owner_, [](const weakref_family::weak&) { ++fired_callbacks; });
    }
  }
  void die() { owner_.reset(); }
  static std::size_t fired() { return fired_callbacks; }

 private:
  weakref_family::strong owner_ = weakref_family::make();
  std::vector<weakref_family::weak> references_;
};

class proxy_member {
 public:
  std::uint64_t operator()() const { return proxy_->words[0]; }

 private:
  weakref_family::strong owner_ = weakref_family::make();
  weakref::ProxyType<object_payload> proxy_ = weakref::proxy(owner_);
};

class method_call {
 public:
  std::uint64_t operator()() const { return (*method_())(); }

 private:
  weakref_family::strong owner_ = weakref_family::make();
  weakref::WeakMethod<object_payload, std::uint64_t (object_payload::*)() const> method_{
      owner_, &object_payload::first};
};

/// An object made, given a finalizer, and dead.
class finalized {
 public:
  std::size_t operator()() {
    auto owner = weakref_family::make();
    weakref::finalize finalizer{owner, [this] { ++fired_; }};
    owner.reset();
    return fired_;
  }

 private:
  std::size_t fired_ = 0;
};

void enter(const selection& chosen) {
  const contender as("weakref");
  if (chosen.which == selection::group::threads) enter_threads_deref<weakref_family>(as);
  if (chosen.which == selection::group::cold) each_cold_operation<weakref_family, benchmark::State>(as);
  if (chosen.which == selection::group::callbacks) enter_callbacks_at_death<watched>(as, chosen);
  if (chosen.which != selection::group::operations) return;
  each_operation_on_handles<weakref_family, benchmark::State>(as);
  each_lifetime<weakref_family, benchmark::State>(as);
  each_large_lifetime<weakref_family, benchmark::State>(as);
  each_memory<weakref_family, benchmark::State>(as);
  as("callback_reference", callback_reference);
  as("sixteen_callbacks", sixteen_callbacks<watched>);
  as("proxy_member", use<proxy_member>);
  as("method_call", use<method_call>);
  as("finalize", use<finalized>);
}

/// Finalizers run newest first: the first one made is the last to run, and knows how long the others took.
void leave_finalizers(std::size_t count) {
  using clock = std::chrono::steady_clock;
  static clock::time_point start;
  auto* const owners = new std::vector<weakref_family::strong>;  // alive at exit
  for (std::size_t i = 0; i < count; ++i) owners->push_back(weakref_family::make());
  weakref::finalize(owners->front(), [count] {
    const std::chrono::duration<double, std::nano> wall = clock::now() - start;
    std::cout << wall.count() / static_cast<double>(count) << std::endl;
  });
  for (std::size_t i = 1; i < count; ++i) weakref::finalize((*owners)[i], [] { ++fired_callbacks; });
  start = clock::now();
}

const peer weakref_references("weakref", "", enter, leave_finalizers);

}  // namespace
}  // namespace benchmarks
