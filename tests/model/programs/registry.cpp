#include <mutex>

#include "atomic.hpp"
#include "program.hpp"

import weakref.model;
import weakref.protocol;

// Finalizers: nodes that a registry owns until they are called, by hand or by the death of their referent. As
// modules/reference/finalizer.cpp, with a lock for each.

using namespace model;
using weakref::protocol::node_kind;

namespace {

class finalizer final : public weak_reference {
 public:
  static constexpr const char* name = "finalizer";

  /// The caller owns it, and the registry.
  explicit finalizer(object& watched) noexcept : weak_reference(node_kind::entry) {
    own().add_owner_of_new();
    watched.attach(*this);
  }

  /// For one who has a share. False: it is dead, and the function was not called.
  template <class F>
  bool call_by_hand(F function) noexcept {
    if (!claim()) return false;
    if (!static_cast<block*>(referent)->disown(*this)) own().add_owner();
    call();
    function();
    static_cast<block*>(referent)->retire(*this);
    model::drop_owner(*this);
    return true;
  }

  void let_go() noexcept override {
    if (claim()) call();
  }

  void destroy() noexcept override {
    require(called_, "a finalizer is destroyed that was not called");
    weak_reference::destroy();
  }

 private:
  [[nodiscard]] bool claim() noexcept {
    const std::lock_guard guard(lock_);
    const bool alive = alive_;
    alive_ = false;
    return alive;
  }

  void call() noexcept {
    require(!called_, "a finalizer is called twice");
    called_ = true;
  }

  weakref::protocol::brief_lock<model_counting> lock_;
  variable<bool> alive_{true};
  variable<bool> called_{false};
};

}  // namespace

MODEL_PROGRAM(a_finalizer_is_called_by_the_death_though_nobody_holds_it) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  finalizer& only = make<finalizer>(shared);
  const auto own = [&] { drop_owner(shared); };
  drop_owner(only);
  concurrently(own, own);
}

MODEL_PROGRAM(a_finalizer_is_called_once_by_hand_or_by_the_death) {
  object& shared = make<plain_object>();
  finalizer& called = make<finalizer>(shared);
  concurrently([&] { drop_owner(shared); },
               [&] {
                 called.call_by_hand([] {});
                 drop_owner(called);
               });
}

MODEL_PROGRAM(a_finalizer_outlives_the_function_that_drops_its_handle) {
  object& shared = make<plain_object>();
  finalizer& called = make<finalizer>(shared);
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
  finalizer& called = make<finalizer>(shared);
  called.own().add_owner_of_new();
  const auto call = [&] {
    called.call_by_hand([] {});
    drop_owner(called);
  };
  concurrently(call, call);
  drop_owner(shared);
}
