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
  /// For classes of the user's, until begin_to_watch().
  weak_reference(node_kind k, block& watched) noexcept : weak_reference(k) { block::hold(*this, watched); }

  [[nodiscard]] block& own() noexcept { return *this; }
  /// Is its construction over? What a node does when it is told depends on its class, which is known then
  /// only.
  void require_whole() const noexcept { require(whole_, "a reference is used that is being constructed"); }
  virtual void leave() noexcept {}
  virtual void notify() noexcept {}
  virtual void let_go() noexcept {}
  void after_last_owner(block::dropped state) noexcept { model::after_last_owner(*this, state); }
  void die() noexcept { model::end(*this, false); }

  void destroy() noexcept override {
    object::destroy();
    if (block::end(*this)) model::drop_reference(*referent);
  }

  /// Has the death of the referent been here? Asked by the checker.
  [[nodiscard]] bool is_cleared() const noexcept {
    const aside own;
    return where.load(std::memory_order_relaxed) != standing::attached;
  }

 protected:
  ~weak_reference() = default;

  /// The last thing that the constructor of a class does.
  void become_whole() noexcept { whole_ = true; }

 private:
  variable<bool> whole_{false};
};

/// What make() does at the end.
export void begin_to_watch(weak_reference& made) noexcept;

/// As drop_node(): for those who know that it is a node.
export inline void drop_owner(weak_reference& owned) noexcept {
  owned.after_last_owner(block::drop_owner(owned));
}

/// A reference with a callback, which is called with the reference.
export template <class F>
class callback_reference final : public weak_reference {
 public:
  callback_reference(F callback, node_kind k) noexcept : weak_reference(k), callback_(std::move(callback)) {
    become_whole();
  }
  /// As a class of the user's, whose constructor goes on when its base is constructed.
  template <class Meanwhile>
  callback_reference(F callback, block& watched, Meanwhile meanwhile) noexcept
      : weak_reference(node_kind::reference, watched),
        callback_(std::move(callback)) {
    meanwhile();
    become_whole();
  }

  void notify() noexcept override {
    require_whole();
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

/// The same for a reference of the user's; `meanwhile` is what its constructor does.
export template <class F, class Meanwhile>
weak_reference& make_watching(object& referent, F callback, Meanwhile meanwhile) noexcept {
  weak_reference& made =
      make<callback_reference<F>>(std::move(callback), static_cast<block&>(referent), std::move(meanwhile));
  begin_to_watch(made);
  return made;
}

/// Takes a share in each reference of an object, uses it as far as its class goes, and drops it.
export inline void use_references(object& referent) noexcept {
  weak_reference* found[4] = {};
  std::size_t count = 0;
  referent.for_each([&](weak_reference& node) {
    if (count < 4 && node.own().try_add_owner()) found[count++] = &node;
  });
  for (std::size_t i = 0; i < count; ++i) {
    found[i]->require_whole();
    drop_owner(*found[i]);
  }
}

}  // namespace model
