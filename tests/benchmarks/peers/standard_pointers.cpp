// The standard library's pointers, and what one builds on them by hand.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>

#include "../contender.hpp"
#include "../operations/cold.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/memory.hpp"
#include "../operations/threads.hpp"
#include "../operations/uses.hpp"
#include "../payload.hpp"
#include "../peer.hpp"
#include "standard_family.hpp"

namespace benchmarks {
namespace {

/// One owner, no counts: what the allocator alone costs.
struct unique_family {
  using strong = std::unique_ptr<plain_payload>;
  static strong make() { return std::make_unique<plain_payload>(); }
};

class checked_member {
 public:
  std::uint64_t operator()() const {
    const auto held = reference_.lock();
    if (held == nullptr) throw std::runtime_error("dead");
    return held->words[0];
  }

 private:
  std_family::strong owner_ = std_family::make();
  std_family::weak reference_ = owner_;
};

class method_call {
 public:
  std::uint64_t operator()() const { return method_(); }

 private:
  std_family::strong owner_ = std_family::make();
  std::function<std::uint64_t()> method_ = [reference = std_family::weak(owner_)] {
    const auto held = reference.lock();
    return held != nullptr ? held->words[0] : 0;
  };
};

/// A deleter is the nearest to a finalizer: one only, and given when the object is made.
class with_deleter {
 public:
  std::size_t operator()() {
    std_family::strong owner(new plain_payload, [this](plain_payload* dead) {
      ++fired_;
      delete dead;
    });
    owner.reset();
    return fired_;
  }

 private:
  std::size_t fired_ = 0;
};

void enter(const selection& chosen) {
  const contender as("std");
  if (chosen.which == selection::group::threads) enter_threads_deref<std_family>(as);
  if (chosen.which == selection::group::cold) each_cold_operation<std_family, benchmark::State>(as);
  if (chosen.which != selection::group::operations) return;
  each_operation_on_handles<std_family, benchmark::State>(as);
  each_lifetime<std_family, benchmark::State>(as);
  each_large_lifetime<std_family, benchmark::State>(as);
  each_memory<std_family, benchmark::State>(as);
  as("proxy_member", use<checked_member>);
  as("method_call", use<method_call>);
  contender("std deleter")("finalize", use<with_deleter>);
  contender("new and delete")("lifetime", lifetime<unique_family, benchmark::State>);
}

#if defined(_GLIBCXX_RELEASE)
const peer standard_pointers("libstdc++", std::to_string(_GLIBCXX_RELEASE), enter);
#else
const peer standard_pointers("libc++", std::to_string(_LIBCPP_VERSION), enter);
#endif

}  // namespace
}  // namespace benchmarks
