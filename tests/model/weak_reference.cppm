module;

#include <atomic>
#include <utility>

#include "atomic.hpp"

export module weakref.model:weak_reference;

import :object;
import weakref.protocol;

// As modules/reference/weak_reference.cppm and ref.cppm.

namespace model {

using weakref::protocol::node_kind;
using weakref::protocol::standing;

export class weak_reference : public object,
                              public weakref::protocol::node<model_counting, weak_reference, block> {
 public:
  static constexpr const char* name = "reference";

  explicit weak_reference(node_kind k) noexcept : object(false, true), node(k) {}

  [[nodiscard]] block& own() noexcept { return *this; }
  virtual void leave() noexcept {}
  virtual void notify() noexcept {}
  virtual void let_go() noexcept {}
  void after_last_owner(block::dropped state) noexcept { model::after_last_owner(*this, state); }
  void die() noexcept { end(*this, false); }

  void destroy() noexcept override {
    object::destroy();
    own().end_node();
    const standing seen = where.load(std::memory_order_acquire);
    if (seen == standing::detached) return;
    if (seen == standing::attached && static_cast<block*>(referent)->detach(*this)) return;
    model::drop_reference(*referent);
  }

  /// Has the death of the referent been here? Asked by the checker.
  [[nodiscard]] bool is_cleared() const noexcept {
    const aside own;
    return where.load(std::memory_order_relaxed) != standing::attached;
  }

 protected:
  ~weak_reference() = default;
};

/// As drop_node(): for those who know that it is a node.
export inline void drop_owner(weak_reference& owned) noexcept {
  owned.after_last_owner(block::drop_owner(owned));
}

/// A reference with a callback, which is called with the reference.
export template <class F>
class callback_reference final : public weak_reference {
 public:
  callback_reference(F callback, node_kind k) noexcept : weak_reference(k), callback_(std::move(callback)) {}

  void notify() noexcept override {
    require(callable_, "a callback is called that was destroyed");
    require(!called_, "a callback is called twice");
    called_ = true;
    {
      const aside own;
      require(referent->expired(), "a callback runs while the referent has owners");
    }
    callback_(*this);  // with the share of the death
  }

  void destroy() noexcept override {
    callable_ = false;
    weak_reference::destroy();
  }

  void let_go() noexcept override { callable_ = false; }

 private:
  F callback_;
  variable<bool> callable_{true};
  variable<bool> called_{false};
};

/// The caller owns it.
export template <class F>
weak_reference& make_reference(object& referent, F callback, node_kind k = node_kind::reference) noexcept {
  weak_reference& made = make<callback_reference<F>>(std::move(callback), k);
  referent.attach(made);
  return made;
}

}  // namespace model
