#include "program.hpp"

import weakref.model;

// Entries of dictionaries: in three hands, the dictionary's, the ring's and the death's.

using namespace model;

MODEL_PROGRAM(a_dead_entry_leaves_its_dictionary) {
  dictionary d;
  object& value = make<plain_object>();
  value.add_owner_of_new();
  d.set(0, value);
  const auto own = [&] { drop_owner(value); };
  concurrently(own, own);
  require(d.is_empty(), "a dead entry is still there");
  d.destroy();
}

MODEL_PROGRAM(a_value_is_found_alive_or_not_at_all) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  concurrently([&] { drop_owner(value); },
               [&] {
                 object* const found = d.find(0);
                 if (found == nullptr) return;
                 found->read();
                 drop_owner(*found);
               });
  require(d.is_empty(), "a dead entry is still there");
  d.destroy();
}

MODEL_PROGRAM(a_value_is_found_and_its_entry_erased_while_it_dies) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  concurrently([&] { drop_owner(value); },
               [&] {
                 object* const found = d.find(0);
                 d.erase(0);
                 if (found == nullptr) return;
                 found->read();
                 drop_owner(*found);
               });
  d.destroy();
}

MODEL_PROGRAM(an_entry_is_erased_while_its_value_dies) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  concurrently([&] { drop_owner(value); }, [&] { d.erase(0); });
  d.destroy();
}

MODEL_PROGRAM(an_entry_that_is_held_is_erased_while_its_value_dies) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  concurrently([&] { drop_owner(value); },
               [&] {
                 weak_reference* const held = d.find_entry(0);
                 d.erase(0);
                 if (held == nullptr) return;
                 use(*held->referent);
                 drop_owner(*held);
               });
  d.destroy();
}

MODEL_PROGRAM(an_entry_that_another_thread_holds_is_erased_while_its_value_dies, .late_loads = 0) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  weak_reference* const held = d.find_entry(0);
  concurrently([&] { drop_owner(value); }, [&] { d.erase(0); }, [&] { drop_owner(*held); });
  d.destroy();
}

MODEL_PROGRAM(an_entry_is_revived_by_a_reference_to_it_while_it_is_erased, .late_loads = 0) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  weak_reference* const entry = d.find_entry(0);
  entry->add_references();
  drop_owner(*entry);
  concurrently([&] { d.erase(0); },
               [&] {
                 use(*entry);
                 drop_shared_reference(*entry);
               });
  drop_owner(value);
  d.destroy();
}

MODEL_PROGRAM(an_entry_is_replaced_while_its_value_dies) {
  dictionary d;
  object& old = make<plain_object>();
  object& fresh = make<plain_object>();
  d.set(0, old);
  concurrently([&] { drop_owner(old); }, [&] { d.set(0, fresh); });
  require(d.find(0) == &fresh, "the new value is not found");
  drop_owner(fresh);
  drop_owner(fresh);
  require(d.is_empty(), "a dead entry is still there");
  d.destroy();
}

MODEL_PROGRAM(a_dictionary_goes_while_a_value_dies) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  concurrently([&] { drop_owner(value); }, [&] { d.destroy(); });
}

MODEL_PROGRAM(a_dictionary_goes_while_one_of_two_values_dies, .late_loads = 0) {
  dictionary d;
  object& one = make<plain_object>();
  object& two = make<plain_object>();
  d.set(0, one);
  d.set(1, two);
  concurrently([&] { drop_owner(one); }, [&] { d.destroy(); });
  drop_owner(two);
}

MODEL_PROGRAM(an_entry_is_erased_by_two_while_its_value_dies, .late_loads = 0) {
  dictionary d;
  object& value = make<plain_object>();
  d.set(0, value);
  const auto erase = [&] { d.erase(0); };
  concurrently([&] { drop_owner(value); }, erase, erase);
  d.destroy();
}

MODEL_PROGRAM(an_entry_and_a_callback_die_together) {
  dictionary d;
  object& value = make<plain_object>();
  int calls = 0;
  weak_reference& reference = make_reference(value, [&](weak_reference&) {
    ++calls;
    require(d.find(0) == nullptr, "a dead value is found in a callback");
    require(d.is_empty(), "a dead entry is still there when callbacks run");
  });
  d.set(0, value);
  concurrently([&] { drop_owner(value); }, [&] { drop_owner(reference); });
  require(calls <= 1, "a callback ran twice");
  d.destroy();
}

MODEL_PROGRAM(a_value_that_is_in_two_dictionaries_leaves_both, .late_loads = 0) {
  dictionary a;
  dictionary b;
  object& value = make<plain_object>();
  a.set(0, value);
  b.set(0, value);
  concurrently([&] { drop_owner(value); },
               [&] {
                 a.destroy();
                 b.erase(0);
               });
  require(b.is_empty(), "a dead entry is still there");
  b.destroy();
}
