# Mistakes that the checker must catch: copies of the protocol, each with one replacement, under some of the programs
# that the protocol itself passes; further ones may be named. A text that is not found, or is found twice, is an error
# here.

get_target_property(modules weakref SOURCE_DIR)

function(add_mistake name file right wrong)
  file(READ ${modules}/protocol/${file} text)
  string(FIND "${text}" "${right}" first)
  string(FIND "${text}" "${right}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "The mistake ${name}: ${file} must have this text, once:\n${right}")
  endif()
  string(REPLACE "${right}" "${wrong}" text "${text}")

  set(copy ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(parts protocol policy check node block death membership registry)
  foreach(part IN LISTS parts)
    configure_file(${modules}/protocol/${part}.cppm ${copy}/${part}.cppm COPYONLY)
  endforeach()
  file(CONFIGURE OUTPUT ${copy}/${file} CONTENT "${text}" @ONLY)

  add_library(model-protocol-${name})
  list(TRANSFORM parts REPLACE "(.+)" "${copy}/\\1.cppm" OUTPUT_VARIABLE files)
  target_sources(model-protocol-${name} PUBLIC FILE_SET CXX_MODULES BASE_DIRS ${copy} FILES ${files})
  target_compile_features(model-protocol-${name} PUBLIC cxx_std_20)
  target_link_libraries(model-protocol-${name} PUBLIC Boost::headers)

  add_model(weakref-model-${name} model-protocol-${name} owners.cpp callbacks.cpp lock.cpp ${ARGN})
  add_recorded_test(model.${name}_is_caught COMMAND $<TARGET_FILE:weakref-model-${name}> -- mistaken DEPENDS weakref-model-${name})
endfunction()

add_mistake(no_pin block.cppm
  [[    pin(static_cast<std::uint32_t>(links::count(chain)));  // before any node can drop its own]]
  "")
add_mistake(sole_owner_ignores_the_ring block.cppm
  [[    if (is_sole(one_owner + one_reference)) {]]
  [[    if (counts_.load(std::memory_order_acquire) == one_owner + one_reference) {]])
add_mistake(sole_owner_asks_the_ring_too_early block.cppm
  [[    return counts_.load(std::memory_order_acquire) == counts &&
           is_unshared(head_.load(std::memory_order_acquire));]]
  [[    return is_unshared(head_.load(std::memory_order_acquire)) &&
           counts_.load(std::memory_order_acquire) == counts;]])
add_mistake(nodes_without_owners_are_told block.cppm
  [[at->own().expired();]]
  [[false;]])
add_mistake(reference_of_the_owners_is_dropped_early death.cppm
  [[  Node* const chain = dead.clear();]]
  [[  const bool early = !dead.drop_reference();
  Node* const chain = dead.clear();
  if (early) dead.add_references();]])
add_mistake(owners_drop_without_acquiring block.cppm
  [[counts_.fetch_sub(one_owner, std::memory_order_acq_rel)]]
  [[counts_.fetch_sub(one_owner, std::memory_order_release)]])
add_mistake(unlock_is_relaxed block.cppm
  [[head_.store(head, std::memory_order_release);]]
  [[head_.store(head, std::memory_order_relaxed);]])
add_mistake(block_is_freed_without_acquiring block.cppm
  [[counts_.fetch_sub(one_reference, std::memory_order_acq_rel)]]
  [[counts_.fetch_sub(one_reference, std::memory_order_release)]])
add_mistake(pins_hide_the_drops_of_references block.cppm
  [[if (counts_.load(std::memory_order_acquire) == one_reference) {]]
  [[if (counts_.load(std::memory_order_relaxed) == one_reference) {]])
add_mistake(nodes_are_dropped_as_if_nobody_walked_the_ring block.cppm
  [[      if (!own.is_sole_node()) return dropped::node;
      switch]]
  [[      switch]])
add_mistake(cleared_nodes_are_not_asked_again block.cppm
  [[} else if (!own.is_sole_node()) {]]
  [[} else if (false) {]])
add_mistake(nodes_go_while_the_death_tells_them block.cppm
  [[seen == standing::attached || seen == standing::dying]]
  [[seen == standing::attached]])
add_mistake(last_shares_go_while_the_death_tells_the_node block.cppm
  [[      switch (owned.where.load(std::memory_order_relaxed)) {
        case standing::attached:
          return own.drop_counted_owner();
        case standing::dying:]]
  [[      switch (owned.where.load(std::memory_order_relaxed)) {
        case standing::attached:
        case standing::dying:
          return own.drop_counted_owner();
        case standing::left:]])
add_mistake(shares_in_cleared_nodes_are_dropped_under_the_lock block.cppm
  [[          return dropped::owned;
        default:
          break;
      }
    }
    // Not]]
  [[          return dropped::owned;
        default:
          return own.drop_counted_owner();
      }
    }
    // Not]])
add_mistake(what_was_left_is_destroyed_under_the_lock block.cppm
  [[    const guard ring(*this);
    return true;]]
  [[    return true;]])
add_mistake(given_back_without_releasing block.cppm
  [[at->where.store(standing::cleared, std::memory_order_release);]]
  [[at->where.store(standing::cleared, std::memory_order_relaxed);]])
add_mistake(sections_end_without_releasing membership.cppm
  [[state_.exchange(state::free, std::memory_order_release)]]
  [[state_.exchange(state::free, std::memory_order_relaxed)]])
add_mistake(sections_begin_without_acquiring membership.cppm
  [[(seen, as, std::memory_order_acquire, std::memory_order_relaxed)]]
  [[(seen, as, std::memory_order_relaxed, std::memory_order_relaxed)]])
add_mistake(removed_entries_do_not_keep_their_table membership.cppm
  [[    add_keeper();
    return false;]]
  [[    return false;]]
  dictionary.cpp)
add_mistake(a_call_takes_the_share_that_the_death_has_adopted registry.cppm
  [[if (!taken.in_registry_.is_cut_off && !taken.referent->disown(taken)) taken.own().add_owner();]]
  [[if (!taken.in_registry_.is_cut_off) (void)taken.referent->disown(taken);]]
  registry.cpp)
