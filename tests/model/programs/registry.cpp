#include "atomic.hpp"
#include "program.hpp"

import weakref.model;
import weakref.protocol;

// Finalizers: nodes that a registry owns until they are called, by hand, by the death of their referent, or
// at exit.

using namespace model;
using weakref::protocol::claim;
using weakref::protocol::claimer;
using weakref::protocol::node_kind;

namespace {

class finalizer;
using finalizer_registry = weakref::protocol::registry<model_counting, finalizer>;

class finalizer final : public weak_reference,
                        public weakref::protocol::registered<model_counting, finalizer> {
 public:
  static constexpr const char* name = "finalizer";

  explicit finalizer(finalizer_registry& home) noexcept : weak_reference(node_kind::entry), registry_(home) {
    become_whole();
  }

  /// For a caller that has a share. False: it is dead, and the function was not called.
  template <class F>
  bool call_by_hand(F function) noexcept {
    if (registry_.take(*this, claimer::owner) == claim::dead) return false;
    call();
    function();
    registry_.end_claim(*this, claimer::owner);
    return true;
  }

  /// Takes the function without a call, as detach() does. False: it is dead, or its referent is.
  bool take_function() noexcept {
    if (registry_.take_with_referent(*this) == weakref::protocol::use::none) return false;
    object& held = static_cast<object&>(*static_cast<block*>(referent));
    held.read();
    call();
    registry_.end_claim(*this, claimer::owner);
    model::drop_owner(held);
    return true;
  }

  /// As peek() does.
  void look_at_function() noexcept {
    if (!registry_.look(*this)) return;
    object& held = static_cast<object&>(*static_cast<block*>(referent));
    require(!discarded_, "a function is looked at that was destroyed");
    registry_.end_look(*this);
    model::drop_owner(held);
  }

  void let_go() noexcept override {
    if (registry_.take(*this, claimer::death) == claim::dead) return;
    call();
    registry_.end_claim(*this, claimer::death);
  }

  void destroy() noexcept override {
    require(called_, "a finalizer is destroyed that was not called");
    require(discarded_, "a finalizer is destroyed with its function");
    weak_reference::destroy();
  }

  void discard() noexcept {
    require(!discarded_, "a function is destroyed twice");
    discarded_ = true;
  }
  void drop_share() noexcept { model::drop_owner(*this); }

  void call() noexcept {
    require(!called_, "a finalizer is called twice");
    require(!discarded_, "a function is called that was destroyed");
    called_ = true;
  }

 private:
  finalizer_registry& registry_;
  model::variable<bool> called_{false};
  model::variable<bool> discarded_{false};
};

/// The caller owns it, and the registry.
finalizer& make_finalizer(finalizer_registry& registry, object& watched) noexcept {
  finalizer& made = make<finalizer>(registry);
  registry.enroll(made, watched);
  return made;
}

/// What the exit does.
void run_at_exit(finalizer_registry& registry) noexcept {
  while (finalizer* const next = registry.next_at_exit()) {
    next->call_by_hand([] {});
    drop_owner(*next);
  }
}

}  // namespace

MODEL_PROGRAM(a_finalizer_is_called_by_the_death_though_nobody_holds_it) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  finalizer_registry registry;
  finalizer& only = make_finalizer(registry, shared);
  const auto own = [&] { drop_owner(shared); };
  drop_owner(only);
  concurrently(own, own);
}

MODEL_PROGRAM(a_finalizer_is_called_once_by_hand_or_by_the_death, .late_loads = 0) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  finalizer& called = make_finalizer(registry, shared);
  concurrently([&] { drop_owner(shared); },
               [&] {
                 called.call_by_hand([] {});
                 drop_owner(called);
               });
}

MODEL_PROGRAM(a_finalizer_outlives_the_function_that_drops_its_handle, .late_loads = 0) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  finalizer& called = make_finalizer(registry, shared);
  called.own().add_owner_of_new();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 const auto drop_handle = [&] { drop_owner(called); };
                 if (!called.call_by_hand(drop_handle)) drop_handle();
                 drop_owner(called);
               });
}

MODEL_PROGRAM(a_finalizer_is_called_by_one_of_two_hands) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  finalizer& called = make_finalizer(registry, shared);
  called.own().add_owner_of_new();
  const auto call = [&] {
    called.call_by_hand([] {});
    drop_owner(called);
  };
  concurrently(call, call);
  drop_owner(shared);
}

MODEL_PROGRAM(a_finalizer_is_called_by_the_exit_or_the_death, .late_loads = 0) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  drop_owner(make_finalizer(registry, shared));
  concurrently([&] { drop_owner(shared); }, [&] { run_at_exit(registry); });
}

MODEL_PROGRAM(a_finalizer_is_made_while_the_exit_runs, .late_loads = 0, .at_most = 300'000) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  drop_owner(make_finalizer(registry, shared));
  concurrently(
      [&] {
        finalizer& made = make_finalizer(registry, shared);
        made.call_by_hand([] {});
        drop_owner(made);
      },
      [&] { run_at_exit(registry); });
  drop_owner(shared);
}

MODEL_PROGRAM(a_finalizer_is_taken_while_its_referent_dies, .late_loads = 1) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  finalizer& taken = make_finalizer(registry, shared);
  concurrently([&] { drop_owner(shared); },
               [&] {
                 taken.take_function();
                 drop_owner(taken);
               });
}

MODEL_PROGRAM(a_finalizer_is_looked_at_while_it_is_called, .late_loads = 1) {
  object& shared = make<plain_object>();
  finalizer_registry registry;
  finalizer& called = make_finalizer(registry, shared);
  called.own().add_owner_of_new();
  concurrently(
      [&] {
        called.call_by_hand([] {});
        drop_owner(called);
      },
      [&] {
        called.look_at_function();
        drop_owner(called);
      });
  drop_owner(shared);
}
