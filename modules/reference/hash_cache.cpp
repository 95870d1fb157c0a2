module;

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>

module weakref;

import weakref.protocol;

// A reference keeps the hash that it gave first. A weak_reference has room for it; the shared reference,
// which is a mere count, keeps it in a cell that hangs in the referent's block.

namespace weakref::detail {

std::optional<std::size_t> cached_hash(reference_word reference) noexcept {
  if (const weak_reference* const own = reference.node()) {
    // Acquire: pairs with the release in cache_hash(), so that the hash itself is seen.
    if (!own->hash_known.load(std::memory_order_acquire)) return std::nullopt;
    return own->hash.load(std::memory_order_relaxed);
  }
  return reference.referent().find_hash();
}

std::size_t cache_hash(reference_word reference, std::size_t hash) {
  if (weak_reference* const own = reference.node()) {
    // Two threads that race here have computed the hash of one object; the later overwrites it with the same.
    own->hash.store(hash, std::memory_order_relaxed);
    own->hash_known.store(true, std::memory_order_release);
    return hash;
  }
  auto cell = std::make_unique<block::cached_hash>(hash, 0);
  const block::cached_hash& kept = reference.referent().keep_hash(*cell);
  if (&kept != cell.get()) return kept.value;
  (void)cell.release();
  return hash;
}

}  // namespace weakref::detail
