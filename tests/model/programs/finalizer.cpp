#include "atomic.hpp"
#include "program.hpp"

import weakref.model;

// Objects with a del(), which runs once, while everything is still alive; and may resurrect.

using namespace model;

namespace {

class finalizable final : public object {
 public:
  explicit finalizable(bool resurrects = false) noexcept : object(true), resurrects_(resurrects) {}

  void del() noexcept override {
    require(has_owners(), "del() runs without an owner");
    require(!finalized_, "del() runs twice");
    seen_ = is_written();
    finalized_ = true;
    if (!resurrects_) return;
    add_owner();
    resurrected_ = true;
  }

  void destroy() noexcept override {
    require(finalized_, "an object is destroyed whose del() has not run");
    object::destroy();
  }

  [[nodiscard]] bool has_seen_what_was_written() const noexcept { return seen_; }
  [[nodiscard]] bool resurrected() const noexcept { return resurrected_; }

 private:
  const bool resurrects_;
  variable<bool> finalized_{false};
  variable<bool> seen_{false};
  variable<bool> resurrected_{false};
};

}  // namespace

MODEL_PROGRAM(del_runs_once_whoever_is_last) {
  object& shared = make<finalizable>();
  shared.add_owner_of_new();
  const auto own = [&] {
    shared.read();
    drop_owner(shared);
  };
  concurrently(own, own);
}

MODEL_PROGRAM(del_sees_what_every_owner_wrote) {
  finalizable& shared = make<finalizable>(true);
  shared.add_owner_of_new();
  concurrently(
      [&] {
        shared.write();
        drop_owner(shared);
      },
      [&] { drop_owner(shared); });
  require(shared.has_seen_what_was_written(), "what an owner wrote is lost");
  drop_owner(shared);
}

MODEL_PROGRAM(del_runs_once_for_three_owners) {
  object& shared = make<finalizable>();
  shared.add_owner_of_new();
  shared.add_owner_of_new();
  const auto own = [&] { drop_owner(shared); };
  concurrently(own, own, own);
}

MODEL_PROGRAM(del_runs_once_while_references_are_called) {
  object& shared = make<finalizable>();
  shared.add_references();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(shared);
                 drop_shared_reference(shared);
               });
}

MODEL_PROGRAM(a_resurrected_object_lives_until_it_is_dropped_again) {
  finalizable& shared = make<finalizable>(true);
  shared.add_references();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(shared);
                 drop_shared_reference(shared);
               });
  require(shared.resurrected(), "del() did not run");
  shared.read();
  drop_owner(shared);
}

MODEL_PROGRAM(a_resurrected_object_dies_in_another_thread) {
  finalizable& shared = make<finalizable>(true);
  shared.add_owner_of_new();
  const auto own = [&] {
    shared.read();
    drop_owner(shared);
  };
  concurrently(own, own);
  require(shared.resurrected(), "del() did not run");
  drop_owner(shared);
}

MODEL_PROGRAM(a_callback_runs_after_del) {
  object& shared = make<finalizable>();
  int calls = 0;
  weak_reference& reference = make_reference(shared, [&](weak_reference&) { ++calls; });
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(*reference.referent);
                 drop_owner(reference);
               });
  require(calls <= 1, "a callback ran twice");
}
