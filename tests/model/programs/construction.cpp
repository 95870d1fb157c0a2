#include "program.hpp"

import weakref.model;
import weakref.protocol;

// References that are being constructed, and those that come where others were.

using namespace model;

MODEL_PROGRAM(references_can_be_listed_while_one_is_made, .late_loads = 1) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  concurrently(
      [&] {
        weak_reference& made = make_reference(shared, [](weak_reference&) {});
        drop_owner(made);
        drop_owner(shared);
      },
      [&] {
        use_references(shared);
        drop_owner(shared);
      });
}

MODEL_PROGRAM(references_can_be_listed_while_an_entry_comes_and_goes, .late_loads = 1) {
  dictionary d;
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  concurrently(
      [&] {
        d.set(0, shared);
        d.erase(0);
        drop_owner(shared);
      },
      [&] {
        use_references(shared);
        drop_owner(shared);
      });
  d.destroy();
}

MODEL_PROGRAM(a_reference_whose_referent_dies_while_it_is_constructed_is_called_once) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  int calls = 0;
  weak_reference* made = nullptr;
  concurrently(
      [&] { drop_owner(shared); },
      [&] { made = &make_watching(shared, [&](weak_reference&) { ++calls; }, [&] { drop_owner(shared); }); });
  require(calls == 1, "a callback did not run once");
  drop_owner(*made);
}

MODEL_PROGRAM(references_can_be_listed_while_one_of_the_users_is_constructed, .late_loads = 1) {
  object& shared = make<plain_object>();
  concurrently(
      [&] {
        weak_reference& made = make_watching(shared, [](weak_reference&) {}, [] {});
        drop_owner(made);
      },
      [&] { use_references(shared); });
  drop_owner(shared);
}

MODEL_PROGRAM(a_reference_is_made_where_another_was_freed, .late_loads = 1, .reuse = true) {
  object& shared = make<plain_object>();
  shared.add_owner_of_new();
  int calls = 0;
  weak_reference& old = make_reference(shared, [&](weak_reference&) { ++calls; });
  weak_reference* made = nullptr;
  concurrently([&] { drop_owner(shared); },
               [&] {
                 drop_owner(old);
                 made = &make_reference(shared, [&](weak_reference&) { ++calls; });
                 drop_owner(shared);
               });
  require(calls == 1, "a callback did not run once");
  drop_owner(*made);
}

MODEL_PROGRAM(an_object_is_made_where_another_died, .reuse = true) {
  object& first = make<plain_object>();
  first.add_references();
  concurrently(
      [&] {
        drop_owner(first);
        object& second = make<plain_object>();
        second.add_references();
        use(second);
        drop_owner(second);
        drop_shared_reference(second);
      },
      [&] {
        use(first);
        drop_shared_reference(first);
      });
}

MODEL_PROGRAM(an_entry_is_put_where_another_was_freed, .late_loads = 1, .reuse = true) {
  dictionary d;
  object& old = make<plain_object>();
  object& value = make<plain_object>();
  d.set(0, old);
  concurrently([&] { drop_owner(old); },
               [&] {
                 d.erase(0);
                 d.set(0, value);
               });
  object* const found = d.find(0);
  require(found == &value, "what was put in is not there");
  drop_owner(*found);
  drop_owner(value);
  require(d.is_empty(), "a dead entry is still there");
  d.destroy();
}
