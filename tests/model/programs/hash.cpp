#include "program.hpp"

import weakref.model;

// The hash of the shared reference, kept in a cell of the block for as long as the reference has handles.

using namespace model;

MODEL_PROGRAM(the_first_hash_is_the_one_that_is_kept) {
  object& shared = make<plain_object>();
  shared.add_references(2);
  std::size_t answers[2] = {};
  const auto ask = [&](std::size_t& answer, std::size_t hash) {
    answer = cache_hash(shared, hash);
    drop_shared_reference(shared);
  };
  concurrently([&] { ask(answers[0], 1); }, [&] { ask(answers[1], 2); });
  require(answers[0] != 0 && answers[1] != 0, "no hash was given");
  drop_owner(shared);
}

MODEL_PROGRAM(a_hash_goes_with_the_last_handle_or_the_block) {
  object& shared = make<plain_object>();
  shared.add_references();
  concurrently([&] { drop_owner(shared); },
               [&] {
                 static_cast<void>(cache_hash(shared, 1));
                 drop_shared_reference(shared);
               });
}

MODEL_PROGRAM(a_hash_is_cached_for_a_new_handle_while_the_last_one_goes) {
  object& shared = make<plain_object>();
  shared.add_references();
  static_cast<void>(cache_hash(shared, 1));
  concurrently([&] { drop_shared_reference(shared); },
               [&] {
                 shared.add_references();
                 const std::size_t hash = cache_hash(shared, 2);
                 require(cached_hash(shared) == hash, "the hash of a handle changes");
                 drop_shared_reference(shared);
               });
  drop_owner(shared);
}

MODEL_PROGRAM(two_handles_of_a_hashed_reference_go_while_the_object_dies, .late_loads = 0) {
  object& shared = make<plain_object>();
  shared.add_references(2);
  static_cast<void>(cache_hash(shared, 1));
  const auto drop = [&] { drop_shared_reference(shared); };
  concurrently([&] { drop_owner(shared); }, drop, drop);
}

MODEL_PROGRAM(a_hash_is_cached_while_a_reference_leaves_the_ring) {
  object& shared = make<plain_object>();
  shared.add_references();
  weak_reference& reference = make_reference(shared, [](weak_reference&) {});
  concurrently([&] { drop_owner(reference); },
               [&] {
                 static_cast<void>(cache_hash(shared, 1));
                 drop_shared_reference(shared);
               });
  drop_owner(shared);
}
