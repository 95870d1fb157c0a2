module;

#include <cstddef>
#include <utility>

export module weakref:element_table;

import :key_entries;
import :object;
import :ref;
import :strong_ref;
import :table;

namespace weakref::detail {

/// A table of elements that it does not own: what `weak_set` needs. Every operation is atomic.
template <class T, class Hash, class Equal>
class element_table : public key_entries<T, void, Hash, Equal> {
  using base = key_entries<T, void, Hash, Equal>;

 public:
  /// The element that is equal, or None.
  template <class L>
  [[nodiscard]] strong_ref<T> find(const L& element) const {
    const auto held = base::hold(element);
    object* found = nullptr;
    this->entries_.visit(this->look_up(*held), [&found](entry_links& entry) noexcept {
      found = hold_referent(entry);
      return true;
    });
    return found != nullptr ? base::adopt(found) : strong_ref<T>();
  }

  /// Puts the element in unless there is an equal one, which stays.
  void add(strong_ref<T> element) const {
    (void)referent_block(element);
    const auto wanted = this->look_up(*element);
    const auto keep = [](entry_links&) noexcept { return true; };
    if (this->entries_.visit(wanted, keep)) return;
    entry_share fresh = this->entry(query(wanted).hash, element, {});
    const entry_share none = this->entries_.set_default(fresh, wanted, keep);
  }

  /// Takes the newest live element out; None if there is none.
  strong_ref<T> pop() const noexcept {
    for (;;) {
      object* newest = nullptr;
      const entry_share last = this->entries_.newest([&newest](entry_links& entry) noexcept {
        newest = hold_referent(entry);
        return newest != nullptr;
      });
      if (!last) return None;
      strong_ref<T> held = base::adopt(newest);
      if (this->entries_.extract(*last.get(), [](entry_links&) noexcept { return true; })) return held;
    }
  }
};

}  // namespace weakref::detail
