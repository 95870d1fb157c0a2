#include "program.hpp"

import weakref.model;

// Owners and plain references.

using namespace model;

MODEL_PROGRAM(the_last_of_two_owners_destroys_the_object) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  const auto own = [&] {
    shared.read();
    drop_owner(shared);
  };
  concurrently(own, own);
}

MODEL_PROGRAM(what_an_owner_wrote_is_seen_by_whoever_destroys_it) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  concurrently(
      [&] {
        shared.write();
        drop_owner(shared);
      },
      [&] { drop_owner(shared); });
}

MODEL_PROGRAM(a_reference_gives_an_owner_or_none) {
  object& shared = make<plain_object>();
  shared.add_references();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(shared);
                 drop_shared_reference(shared);
               });
}

MODEL_PROGRAM(once_a_reference_gives_none_it_always_does) {
  object& shared = make<plain_object>();
  shared.add_references();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 const bool first = use(shared);
                 const bool second = use(shared);
                 require(first || !second, "the dead has come back");
                 drop_shared_reference(shared);
               });
}

MODEL_PROGRAM(the_last_of_three_references_frees_the_block) {
  object& shared = make<plain_object>();
  shared.add_references(3);
  const auto drop = [&] { drop_shared_reference(shared); };
  drop_owner(shared);
  concurrently(drop, drop, drop);
}

MODEL_PROGRAM(references_drop_while_the_object_dies) {
  object& shared = make<plain_object>();
  shared.add_references(2);
  const auto drop = [&] { drop_shared_reference(shared); };
  concurrently([&] { drop_owner(shared); }, drop, drop);
}

MODEL_PROGRAM(a_reference_is_called_and_another_dropped_while_the_object_dies, .late_loads = 1) {
  object& shared = make<plain_object>();
  shared.add_references(2);
  concurrently([&] { drop_owner(shared); },
               [&] {
                 use(shared);
                 drop_shared_reference(shared);
               },
               [&] { drop_shared_reference(shared); });
}

MODEL_PROGRAM(owners_are_copied_and_references_made_meanwhile, .late_loads = 0) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  shared.add_owner_of_new();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 shared.add_owner();
                 drop_owner(shared);
                 shared.read();
                 drop_owner(shared);
               },
               [&] {
                 shared.add_references();
                 drop_owner(shared);
                 drop_shared_reference(shared);
               });
}

MODEL_PROGRAM(a_revived_owner_sees_what_a_former_owner_wrote, .late_loads = 1) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  shared.add_references();
  bool dropped = false;
  concurrently(
      [&] {
        shared.write();
        drop_owner(shared);
        dropped = true;
      },
      [&] { drop_owner(shared); },
      [&] {
        if (shared.try_add_owner()) {
          if (dropped) require(shared.is_written(), "what an owner wrote is lost");
          drop_owner(shared);
        }
        drop_shared_reference(shared);
      });
}
