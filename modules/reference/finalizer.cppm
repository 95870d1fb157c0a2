module;

export module weakref:finalizer;

import :object;
import :weak_reference;
import weakref.protocol;

// What every finalize shares, whatever it calls: its life, and its place in the registry.

namespace weakref::detail {

/// A reference whose callback is a function with arguments. Alive while it is in the registry, which owns it
/// meanwhile. The party that takes it out, by a call, by detach(), in the death or at exit, is the only one
/// that may use the function.
class finalizer : public weak_reference, public protocol::registered<protocol::counting, finalizer> {
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

  // What the registry does with it: see protocol::registry.
  [[nodiscard]] protocol::claim claim(protocol::claimer by) noexcept;
  [[nodiscard]] protocol::use claim_with_referent() noexcept;
  [[nodiscard]] bool look() noexcept;
  void end_claim(protocol::claimer by) noexcept;
  void end_look() noexcept;

  /// Destroys the function and its arguments.
  virtual void discard() noexcept = 0;

 private:
  friend class protocol::registry<protocol::counting, finalizer>;

  void drop_share() noexcept { drop_node(*this); }
};

}  // namespace weakref::detail
