module;

#include <atomic>
#include <cstddef>
#include <cstdint>

export module weakref:finalizer;

import :object;
import :weak_reference;
import weakref.protocol;

// What every finalize shares, whatever it calls: its life, and its place in the registry.

namespace weakref::detail {

/// A reference whose callback is a function with arguments. Alive while it is in the registry, which owns it
/// meanwhile, as a container does its entries: dropping its handles does not cancel it, and the death of the
/// referent adopts the registry's share. Whoever takes it out, by a call, by detach(), in the death or at
/// exit, is the only one who may do with the function what he came for.
class finalizer : public weak_reference {
 public:
  [[nodiscard]] bool has_callback() const noexcept final { return alive(); }

  /// Is it in the registry?
  [[nodiscard]] bool alive() const noexcept;

  /// Shall it run at exit? False once it is dead; setting is ignored then. Set while the exit runs, it is
  /// heard only if a finalizer is made after that.
  [[nodiscard]] bool atexit() const noexcept;
  void atexit(bool wanted) noexcept;

  /// Calls the function, for its effects only. What it throws goes to the hook for exits.
  virtual void run_at_exit() noexcept = 0;

 protected:
  finalizer() : weak_reference(protocol::node_kind::entry) {}

  /// Makes it a reference to the object, and alive. When its construction is over: the registry becomes an
  /// owner. What can fail is done by prepare_exit().
  void enroll(block& referent) noexcept;

  /// Sees to it that finalizers run at exit. Throws std::bad_alloc.
  static void prepare_exit();

  /// How a function with its arguments is used: by one who took the finalizer out of the registry, or by
  /// one who looks at it meanwhile. They are destroyed by the last.
  enum class use { none, sole, shared };

  /// Who takes it out: the death, or somebody who has a share in it.
  enum class claimer { death, owner };
  /// Takes it out, for the claimer to run; not any more once the exit is over.
  enum class call { dead, due, too_late };
  [[nodiscard]] call claim(claimer by) noexcept;
  /// Takes it out for an owner, if the referent is alive; he gets a share in that.
  [[nodiscard]] use claim_with_referent() noexcept;
  /// Looks at it, with a share in the referent. False: one of the two is dead.
  [[nodiscard]] bool look() noexcept;
  /// Ends what a claim began. An owner drops the registry's share: the finalizer may be gone afterwards.
  void end_claim(claimer by) noexcept;
  void end_look() noexcept;

  /// Destroys the function and its arguments.
  virtual void discard() noexcept = 0;

 private:
  friend class finalizer_registry;

  /// For an owner who took it out.
  void take_share_of_registry() noexcept;

  // Guarded by the lock of the registry.
  finalizer* older_ = nullptr;
  finalizer* newer_ = nullptr;
  std::size_t users_ = 1;  // of the function: the registry or who took it out, and those who look at it
  bool alive_ = false;
  bool atexit_ = true;
  bool was_selected_ = false;        // before atexit_ was changed
  std::uint32_t changed_after_ = 0;  // so many selections for the exit

  bool is_cut_off_ = false;  // in a forked process: its referent's ring is locked for ever

  bool claimed_alone_ = false;  // nobody looked at it when it was claimed, nor will: the claimer's only
};

}  // namespace weakref::detail
