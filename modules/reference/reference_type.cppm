module;

#include <concepts>
#include <cstddef>
#include <typeinfo>
#include <utility>

export module weakref:reference_type;

import :callback;
import :gate;
import :held;
import :object;
import :ref;
import :strong_ref;
import :weak_reference;
import weakref.protocol;

namespace weakref {

/// The weak reference object itself, to be derived from; Python's `class MyRef(weakref.ref)`:
///
///     struct Tagged : weakref::ReferenceType<Image> {
///       Tagged(const strong_ref<Image>& ob, callback_of<Image> cb, int tag) : ReferenceType(ob, cb),
///       tag(tag) {} int tag;
///     };
///     auto tagged = weakref::make<Tagged>(image, None, 24);      // tagged() is the image, tagged->tag is 24
///
/// Never shared: every one is an object of its own. Converts to ref<T>, and can be weakly referenced itself.
/// Thread safety and source: as ref.
export template <class T>
class ReferenceType : public detail::weak_reference {
 public:
  using referent_type = T;

  /// Throws TypeError for None and unless make() makes the object.
  explicit ReferenceType(const strong_ref<T>& referent, callback_of<T> callback = None)
      : weak_reference(protocol::node_kind::reference, detail::referent_block(referent)),
        callback_(std::move(callback)) {
    static_assert(detail::admits<T>);
  }

  /// The referent, or None.
  strong_ref<T> operator()() const noexcept {
    if (!referent->try_add_owner()) return None;
    return {detail::adopt_share(), detail::as<T>(detail::object_of(*referent))};
  }

  [[nodiscard]] bool expired() const noexcept { return referent->expired(); }

  /// As of a ref.
  [[nodiscard]] bool has_callback() const noexcept override {
    const strong_ref<T> alive = (*this)();
    return alive != None && static_cast<bool>(callback_);
  }

  /// As of a ref.
  template <class F>
  [[nodiscard]] held<const F> callback() const noexcept {
    return detail::held_callback<F>(*this);
  }

 protected:
  /// For entries of containers, which hold the referent until the entry is in its ring.
  ReferenceType(protocol::node_kind kind, const strong_ref<T>& referent) : weak_reference(kind) {
    static_assert(detail::admits<T>);
    this->referent = &detail::referent_block(referent);
  }

  const void* callback(const std::type_info& type) const noexcept override {
    return type == typeid(callback_of<T>) ? &callback_ : callback_.target(type);
  }
  void notify() noexcept override {
    if (!callback_) return;
    const detail::borrowed<ref<T>> self(detail::adopt_share(), detail::reference_word(*this));
    detail::call_back(callback_, self.handle);
  }
  void let_go() noexcept override { callback_ = None; }

 private:
  callback_of<T> callback_;
};

/// A reference that knows the key under which a dictionary has its referent. Source: weakref.KeyedRef.
export template <class T, class K>
class KeyedRef : public ReferenceType<T> {
 public:
  KeyedRef(const strong_ref<T>& referent, callback_of<T> callback, K key)
      : ReferenceType<T>(referent, std::move(callback)),
        key_(std::move(key)) {}

  [[nodiscard]] const K& key() const noexcept { return key_; }

 protected:
  KeyedRef(protocol::node_kind kind, const strong_ref<T>& referent, K&& key)
      : ReferenceType<T>(kind, referent),
        key_(std::move(key)) {}

 private:
  K key_;
};

}  // namespace weakref
