module;

#include <atomic>
#include <cstddef>
#include <new>
#include <utility>

#include "atomic.hpp"

export module weakref.model:object;

import weakref.protocol;

// What the library makes of the protocol, with the policy of the checker: see modules/object.

namespace model {

export class weak_reference;
export using block = weakref::protocol::block<model_counting, weak_reference>;

/// A block, and behind it a body that its owners use. Made by make(); freed when nobody refers to it.
export class object : public block {
 public:
  static constexpr const char* name = "object";

  explicit object(bool finalizer = false, bool node = false) noexcept : block(finalizer, node) {}

  // What owners do with the body. Writers are to be ordered by what the program does.
  void read() const noexcept { require(alive_, "a dead body is read"); }
  void write() noexcept {
    require(alive_, "a dead body is written");
    written_ = true;
  }
  [[nodiscard]] bool is_written() const noexcept { return written_; }

  virtual void del() noexcept {}

  /// The destructor of the body.
  virtual void destroy() noexcept {
    {
      const aside own;
      require(owners() == 0, "a body is destroyed that has owners");
    }
    require(alive_, "a body is destroyed twice");
    alive_ = false;
    written_ = false;
  }

  /// Does it live? Asked by the checker.
  [[nodiscard]] bool has_owners() const noexcept {
    const aside own;
    return owners() != 0;
  }

  /// Left in the place of the body for whoever frees the block.
  variable<int> remains{0};

 protected:
  ~object() = default;

 private:
  variable<bool> alive_{true};
  variable<bool> written_{false};
};

export class plain_object final : public object {
 public:
  using object::object;
};

export template <class T, class... A>
T& make(A&&... arguments) noexcept {
  return *::new (the_scheduler().allocate(sizeof(T), T::name)) T(std::forward<A>(arguments)...);
}

// What follows when an owner or a reference is dropped: death.cpp.
export void drop_owner(object& owned) noexcept;
export void after_last_owner(object& owned, block::dropped state) noexcept;
/// Nobody owns the object, and nobody refers to it who has not been told.
export void end(object& dead, bool outlived) noexcept;
export void drop_reference(block& front) noexcept;
/// A handle of the shared reference goes.
export void drop_shared_reference(block& front) noexcept;

/// Calls a reference, uses what it gives, and drops it. True: it was alive.
export bool use(block& referent) noexcept {
  if (!referent.try_add_owner()) return false;
  object& held = static_cast<object&>(referent);
  held.read();
  drop_owner(held);
  return true;
}

/// Caches the hash of the shared reference; the first to come decides.
export std::size_t cache_hash(block& referent, std::size_t hash) noexcept;
/// Zero: there is none.
export [[nodiscard]] std::size_t cached_hash(block& referent) noexcept;

}  // namespace model
