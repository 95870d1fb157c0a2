#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "program.hpp"
#include "things.hpp"

// What exists while a program runs.

namespace stress {

using Values = weakref::WeakValueDictionary<Key, Thing>;
using PlainValues = weakref::WeakValueDictionary<int, Thing>;
using Keys = weakref::WeakKeyDictionary<Thing, Value>;
using PlainKeys = weakref::WeakKeyDictionary<Thing, int>;
using IdentityKeys = weakref::WeakIdKeyDictionary<Thing, Value>;
using Set = weakref::WeakSet<Thing>;
using IdentitySet = weakref::WeakIdSet<Thing>;

template <class C>
using owner_of = weakref::strong_ref<weakref::boxed<C>>;
/// In the order of container_type.
using container = std::variant<owner_of<Values>, owner_of<PlainValues>, owner_of<Keys>, owner_of<PlainKeys>,
                               owner_of<IdentityKeys>, owner_of<Set>, owner_of<IdentitySet>>;

template <class C>
inline constexpr bool is_set = std::is_same_v<C, Set> || std::is_same_v<C, IdentitySet>;
template <class C>
inline constexpr bool is_value_dictionary = std::is_same_v<C, Values> || std::is_same_v<C, PlainValues>;
template <class C>
inline constexpr bool is_by_identity = std::is_same_v<C, IdentityKeys> || std::is_same_v<C, IdentitySet>;

using Finalizer = weakref::finalize<Thing, Ending>;
using handle = std::variant<std::monostate, weakref::ref<Thing>, weakref::strong_ref<Tagged>,
                            weakref::strong_ref<Keyed>, weakref::ProxyType<Thing>, Method, Finalizer>;

/// A weak handle, and what is known of it.
struct reference {
  handle is;
  const fate* referent = nullptr;
  record* calls = nullptr;
};

/// An iteration that is under way.
class iteration {
 public:
  iteration() = default;
  iteration(const iteration&) = delete;
  iteration& operator=(const iteration&) = delete;
  virtual ~iteration() = default;
  virtual void step() = 0;
};

struct world;

/// An operation that is under way, and the pieces of user code that it has run.
struct frame {
  const operation& runs;
  unsigned moment = 0;
  frame* outer = nullptr;
};

/// A thread's registers.
struct worker {
  worker(world& whole, weakref::strong_ref<Function> f) : in(whole), function(std::move(f)) {}

  world& in;
  std::array<Owner, most_things> owners;
  std::array<reference, most_references> references;
  std::vector<container> containers;
  std::array<std::unique_ptr<iteration>, most_iterators> iterators;
  weakref::strong_ref<Function> function;
  frame* runs = nullptr;

  /// Runs an operation; takes what it may throw.
  void run(const operation& next);
};

/// The worker whose operation this thread runs, or null.
extern thread_local worker* here;

struct world {
  explicit world(const program& played);

  /// Null if there are enough.
  fate* new_fate();
  record* new_record(const Owner& referent);

  /// Called when no thread runs: everything that must hold then, of what is left.
  void check();
  /// Drops everything, and checks between and after.
  void end();

  const program& plays;
  std::vector<std::unique_ptr<worker>> workers;
  std::array<fate, 96> fates;
  std::array<record, 256> records;
  /// Containers whose entries other operations change or destroy.
  std::array<bool, most_containers> disturbed{};

 private:
  void check_owners();
  void check_references();
  void check_containers();
  void check_creations();

  count next_fate_;
  count next_record_;
};

}  // namespace stress
