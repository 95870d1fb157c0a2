module;

#include <atomic>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

export module weakref:object;

import :thread_storage;
import weakref.protocol;

namespace weakref {

export class object;

namespace detail {

class weak_reference;
struct object_access;

/// In front of every object that make() made, at a constant distance.
using block = protocol::block<protocol::counting, weak_reference>;
static_assert(sizeof(block) == 16);

/// Deaths inside the deaths of other objects.
struct nested_deaths {
  unsigned depth = 0;
  block* deferred = nullptr;  // dead objects to be destroyed when there is room again, newest first
  weak_reference* deferred_references = nullptr;  // theirs, cleared, with callbacks still to be run
};

/// A death that has come to the object itself, in one word: the object, tagged if references were left when
/// the last owner went.
class ending {
 public:
  constexpr ending() noexcept = default;
  inline ending(const object& body, bool outlived) noexcept
      : word_(std::bit_cast<std::uintptr_t>(&body) | (outlived ? 1U : 0U)) {}

  [[nodiscard]] inline bool is_of(const void* body) const noexcept {
    return word_ == std::bit_cast<std::uintptr_t>(body);
  }
  [[nodiscard]] inline bool is_outlived(const void* body) const noexcept {
    return word_ == (std::bit_cast<std::uintptr_t>(body) | 1U);
  }

 private:
  std::uintptr_t word_ = 0;
};

/// Objects without owners but this list, in the order in which the others left.
struct waiting_objects {
  struct cell;
  cell* first = nullptr;
  cell** end = nullptr;  // where the next one goes; null: at `first`
  bool being_run = false;
};

/// What a thread is doing with objects.
struct thread_state {
  const void* making = nullptr;  // the storage in which make() is about to construct an object
  bool last_is_made = false;     // does make() make the object whose base was constructed last?
  ending dying;                  // the object being destroyed, if make() made it
  nested_deaths deaths;
  unsigned user_code = 0;   // callbacks and del() inside one another
  waiting_objects waiting;  // whose del() runs when there is room again
};

extern constinit thread_local thread_state this_thread;

/// The objects that make() did not make. To be recognised, they are written down while they live, so that the
/// made ones, by far the most, need not carry a mark. Where memory does not suffice to write one down, every
/// object that could be the one is taken for it.
namespace unmade {

/// How many are written down.
extern constinit std::atomic<std::size_t> population;
inline bool exist() noexcept {
  // Relaxed: a caller that asks for an object learned of it after that was written down.
  return population.load(std::memory_order_relaxed) != 0;
}

void insert(const object* stranger) noexcept;
/// Takes it off, if it is there: it is destroyed; or another object begins where it was, whose destructor
/// never ran.
void erase(const object* stranger) noexcept;
[[nodiscard]] bool contains(const object* asked) noexcept;

}  // namespace unmade

}  // namespace detail

/// The base of everything that can have owners and weak references:
///
///     struct Image : weakref::object { ... };
///     auto image = weakref::make<Image>(...);      // strong_ref<Image>
///     weakref::ref r{image};
///
/// It adds nothing but a virtual destructor to the object. Who owns the object and who refers to it is
/// counted in a block of 16 bytes that make() puts in front of it; an object made in another way (on the
/// stack, as a member, by `new`) works like any other C++ object, but cannot be referred to.
///
/// Derive from it publicly, once and not virtually, and before any other base that has virtual functions.
///
/// ---- Thread safety: owners and references of one object may be made, copied and dropped in any thread. The
/// object dies in the thread that drops the last owner.
export class object {
 public:
  inline object() noexcept;

  /// A copy is a new object: no owners, no weak references.
  object(const object&) noexcept : object() {}

  /// Identity, owners and references stay as they are.
  object& operator=(const object&) noexcept { return *this; }

  virtual inline ~object();

  // How a made object gives its storage back: the size comes from the class that is destroyed.
  static inline void operator delete(void* self, std::size_t size) noexcept;
  static void operator delete(void* self, std::size_t size, std::align_val_t alignment) noexcept;

 protected:
  /// Runs once, when the last owner is about to go and every weak reference is still alive; it may make new
  /// owners, and so resurrect the object. What it throws goes to the unraisable hook. Source: object.__del__,
  /// PEP 442.
  virtual void del();

  // Two shared libraries may each have a copy of this one. What a copy keeps for itself, a thread's state and
  // the register of unmade objects, was written by the copy that the object's class was compiled with; so
  // that is reached by way of the class.

  /// Did make() make the object?
  [[nodiscard]] virtual bool weakref_is_made() const noexcept;
  /// Destroys the object, which make() made, and releases its storage. A thread among others cannot be
  /// cancelled meanwhile; classes whose destructor runs no code of the user's override it, to save that.
  virtual void weakref_destroy(detail::ending how) noexcept;

 private:
  friend struct detail::object_access;
};

namespace detail {

/// What the library alone does with any object.
struct object_access {
  static void run_del(object& last) { last.del(); }
  static void destroy(object& dead, ending how) noexcept { dead.weakref_destroy(how); }
  [[nodiscard]] static bool is_made(const object& asked) noexcept { return asked.weakref_is_made(); }
  static inline void destroy_quietly(object& dead, ending how) noexcept;

  /// Has the class a del() of its own? One that is not accessible here is not object's.
  template <class T>
  static constexpr bool has_del = !requires { requires std::same_as<decltype(&T::del), void (object::*)()>; };
};

inline block& block_before(void* body) noexcept {
  return *std::launder(reinterpret_cast<block*>(static_cast<std::byte*>(body) - sizeof(block)));
}

inline block& block_of(const object& made) noexcept { return block_before(const_cast<object*>(&made)); }

inline object& object_of(block& front) noexcept {
  return *std::launder(reinterpret_cast<object*>(reinterpret_cast<std::byte*>(&front) + sizeof(block)));
}

/// The block of an object that is to be referred to. Throws TypeError unless make() made it and it is alive.
[[nodiscard]] block& referable(const object& asked);

/// Destroys an object without owners and references.
void destroy(object& dead) noexcept;

/// The last owner is gone, or has del() to run or the ring to ask first.
void after_last_owner(object& orphan, block::dropped state) noexcept;

/// drop_owner() where it is more than counting.
void drop_owner_apart(object& owned) noexcept;

// By force: the compiler counts the calls of the two ends, which are not taken while others own the object.
[[gnu::always_inline]] inline void drop_owner(object& owned) noexcept {
  block& front = block_of(owned);
  if (!front.is_merely_counted()) return drop_owner_apart(owned);
  const auto state = front.drop_counted_owner();
  if (state != block::dropped::owned) [[unlikely]]
    after_last_owner(owned, state);
}

/// The object is dead and its last reference gone.
void free_remains(block& front) noexcept;

[[gnu::always_inline]] inline void drop_shared_reference(block& front) noexcept {
  if (front.drop_shared_reference()) free_remains(front);
}

inline void drop_reference(block& front) noexcept {
  if (front.drop_reference()) free_remains(front);
}

/// Storage for an object and its block: the address of the object. Throws std::bad_alloc.
[[nodiscard]] void* allocate(std::size_t size, std::size_t alignment);
void deallocate(void* body, std::size_t size, std::size_t alignment) noexcept;

/// The body is destroyed: frees the storage, or gives back what references do not keep, and drops the
/// reference of the owners.
void release_body(void* body, std::size_t size, std::size_t alignment) noexcept;

/// The last destructor of an object that is outlived by references, or was not made by make().
void end_of_base(const object& ended) noexcept;
void free_otherwise(void* body, std::size_t size, std::size_t alignment) noexcept;

/// The reference, of a class of the user's, is made: its referent may know it from now on.
void begin_to_watch(weak_reference& made) noexcept;

/// The constructor threw: clears what refers to the object, and frees its storage.
void abandon(void* body, std::size_t size, std::size_t alignment) noexcept;

/// One allocation with its block by the ordinary operator new.
constexpr bool is_plain(std::size_t size, std::size_t alignment) noexcept {
  return size >= sizeof(std::size_t) && alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__;
}
inline void free_plain(block& front, std::size_t size) noexcept {
  if (fits_cell(sizeof(block) + size)) {
    give_cell(&front, sizeof(block) + size);
  } else {
    ::operator delete(&front, sizeof(block) + size);
  }
}

}  // namespace detail

inline object::object() noexcept {
  auto& thread = detail::this_thread;
  thread.last_is_made = thread.making == this;
  if (thread.last_is_made) [[likely]] {
    thread.making = nullptr;
  } else {
    detail::unmade::insert(this);
  }
}

inline void detail::object_access::destroy_quietly(object& dead, ending how) noexcept {
  thread_state& thread = this_thread;
  const ending outer = std::exchange(thread.dying, how);
  delete &dead;
  thread.dying = outer;
}

inline object::~object() {
  if (!detail::this_thread.dying.is_of(this)) [[unlikely]]
    detail::end_of_base(*this);
}

inline void object::operator delete(void* self, std::size_t size) noexcept {
  if (!detail::this_thread.dying.is_of(self)) [[unlikely]]
    return detail::free_otherwise(self, size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  detail::block& front = detail::block_before(self);
  if (detail::is_plain(size, 1) && front.is_bare()) [[likely]] {
    detail::free_plain(front, size);
  } else {
    detail::release_body(self, size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  }
}

}  // namespace weakref
