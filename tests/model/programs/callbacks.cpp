#include "program.hpp"

import weakref.model;
import weakref.protocol;

// References with callbacks: nodes of the ring, owned by themselves.

using namespace model;
using weakref::protocol::node_kind;

MODEL_PROGRAM(a_reference_that_is_dropped_meanwhile_is_cleared_or_detached) {
  object& shared = make<plain_object>();
  int calls = 0;
  bool cleared = false;
  weak_reference& reference = make_reference(shared, [&](weak_reference&) { ++calls; });
  concurrently([&] { drop_owner(shared); },
               [&] {
                 cleared = reference.is_cleared();
                 drop_owner(reference);
               });
  require(!cleared || calls == 1, "a reference was alive when it was cleared, and its callback did not run");
}

MODEL_PROGRAM(a_callback_runs_once_if_its_reference_is_kept) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  int calls = 0;
  weak_reference& reference = make_reference(shared, [&](weak_reference&) { ++calls; });
  const auto own = [&] { drop_owner(shared); };
  concurrently(own, own);
  require(calls == 1, "a callback did not run once");
  drop_owner(reference);
}

MODEL_PROGRAM(all_references_are_dead_in_a_callback) {
  object& shared = make<plain_object>();
  weak_reference* others[2] = {};
  int calls = 0;
  const auto look = [&](weak_reference&) {
    ++calls;
    for (const weak_reference* other : others) {
      require(!use(*other->referent), "a reference is alive in a callback");
    }
  };
  others[0] = &make_reference(shared, look);
  others[1] = &make_reference(shared, look);
  shared.add_references();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(shared);
                 drop_shared_reference(shared);
               });
  require(calls == 2, "a callback did not run once");
  drop_owner(*others[0]);
  drop_owner(*others[1]);
}

MODEL_PROGRAM(an_owner_from_a_callback_reference_that_is_then_dropped_keeps_the_object) {
  object& shared = make<plain_object>();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  concurrently([&] { drop_owner(shared); },
               [&] {
                 block& referent = *reference.referent;
                 if (!referent.try_add_owner()) return drop_owner(reference);
                 object& held = static_cast<object&>(referent);
                 drop_owner(reference);
                 held.read();
                 drop_owner(held);
               });
}

MODEL_PROGRAM(a_reference_made_by_an_owner_outlives_him) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  int calls = 0;
  weak_reference* made = nullptr;
  concurrently([&] { drop_owner(shared); },
               [&] {
                 made = &make_reference(shared, [&](weak_reference&) { ++calls; });
                 drop_owner(shared);
               });
  require(calls == 1, "a callback did not run once");
  drop_owner(*made);
}

MODEL_PROGRAM(a_reference_is_made_and_dropped_by_one_of_two_owners) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 weak_reference& made = make_reference(shared, [](weak_reference&) {});
                 drop_owner(shared);
                 drop_owner(made);
               });
}

MODEL_PROGRAM(references_are_dropped_on_both_sides_of_one_that_is_kept, .late_loads = 0) {
  object& shared = make<plain_object>();
  int calls = 0;
  const auto nothing = [](weak_reference&) {};
  weak_reference& oldest = make_reference(shared, nothing);
  weak_reference& kept = make_reference(shared, [&](weak_reference&) { ++calls; });
  weak_reference& newest = make_reference(shared, nothing, node_kind::leading);
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(oldest); }, [&] { drop_owner(newest); });
  require(calls == 1, "a callback did not run once");
  drop_owner(kept);
}

MODEL_PROGRAM(a_reference_with_two_handles_is_called_while_the_object_dies, .late_loads = 1) {
  object& shared = make<plain_object>();
  int calls = 0;
  weak_reference& reference = make_reference(shared, [&](weak_reference&) { ++calls; });
  reference.own().add_owner();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(*reference.referent);
                 drop_owner(reference);
               },
               [&] { drop_owner(reference); });
  require(calls <= 1, "a callback ran twice");
}

MODEL_PROGRAM(a_plain_reference_drops_while_a_callback_reference_does, .late_loads = 1) {
  object& shared = make<plain_object>();
  shared.add_references();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(reference); },
               [&] { drop_shared_reference(shared); });
}

MODEL_PROGRAM(a_callback_drops_the_last_handle_of_another_reference) {
  object& shared = make<plain_object>();
  bool dropped = false;
  weak_reference& other = make_reference(shared, [](weak_reference&) {});
  weak_reference& reference = make_reference(shared, [&](weak_reference&) {
    dropped = true;
    drop_owner(other);
  });
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(reference); });
  if (!dropped) drop_owner(other);
}

MODEL_PROGRAM(the_ring_is_walked_while_a_reference_goes) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  concurrently(
      [&] {
        int seen = 0;
        shared.for_each([&](weak_reference& each) {
          require(!each.is_cleared(), "a cleared reference is in the ring");
          ++seen;
        });
        require(seen <= 1, "a ring has more references than there are");
        drop_owner(shared);
      },
      [&] {
        drop_owner(shared);
        drop_owner(reference);
      });
}

MODEL_PROGRAM(a_share_is_taken_from_the_ring_while_the_last_handle_goes) {
  object& shared = make<plain_object>();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  weak_reference* found = nullptr;
  concurrently(
      [&] {
        shared.for_each([&](weak_reference& each) {
          if (each.own().try_add_owner()) found = &each;
        });
        if (found != nullptr) drop_owner(*found);
      },
      [&] { drop_owner(reference); });
  drop_owner(shared);
}

MODEL_PROGRAM(the_last_handle_goes_while_the_callback_makes_another, .late_loads = 1) {
  object& shared = make<plain_object>();
  weak_reference* kept = nullptr;
  weak_reference& reference = make_reference(shared, [&](weak_reference& self) {
    self.own().add_owner();
    kept = &self;
  });
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(reference); });
  if (kept != nullptr) drop_owner(*kept);
}

MODEL_PROGRAM(a_callback_drops_its_own_last_handle) {
  object& shared = make<plain_object>();
  weak_reference* handle = nullptr;
  weak_reference& reference = make_reference(shared, [&](weak_reference&) { drop_owner(*handle); });
  handle = &reference;
  weak_reference& other = make_reference(shared, [](weak_reference&) {});
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(other); });
}

MODEL_PROGRAM(a_reference_is_revived_by_one_to_it_while_its_referent_dies, .late_loads = 0) {
  object& shared = make<plain_object>();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  reference.own().add_references();
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(reference); },
               [&] {
                 use(reference.own());
                 drop_shared_reference(reference.own());
               });
}

MODEL_PROGRAM(handles_of_one_reference_go_together, .late_loads = 1) {
  object& shared = make<plain_object>();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  reference.own().add_owner();
  concurrently([&] { drop_owner(shared); }, [&] { drop_owner(reference); },
               [&] { drop_owner(static_cast<object&>(reference)); });
}
