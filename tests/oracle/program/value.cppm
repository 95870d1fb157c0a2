module;

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

export module oracle:value;

import :thing;
import weakref;

// What a variable of a program may be.

namespace oracle {

/// A reference of a class of its own.
export struct Tagged final : weakref::ReferenceType<Thing> {
  Tagged(const weakref::strong_ref<Thing>& referent, weakref::callback_of<Thing> callback, std::size_t tag)
      : ReferenceType(referent, std::move(callback)),
        tag(tag) {}
  const std::size_t tag;
};

/// Runs a block with the reference that is dead; may own a thing.
export struct Callback {
  Run run;
  std::string block;
  weakref::strong_ref<Thing> owned;

  template <class Reference>
  void operator()(const Reference& dead) const {
    call(dead);
  }

 private:
  void call(Value dead) const;
};

/// What a finalizer does: runs a block with its argument.
export struct Action {
  Run run;
  std::string block;
  std::string operator()(const weakref::strong_ref<Thing>& argument) const;
};

/// A value that has to be copied by code of its own, and so outside of a dictionary's lock.
export struct Owner {
  Owner(weakref::strong_ref<Thing> owned) : thing(std::move(owned)) {}  // NOLINT(google-explicit-constructor)
  Owner(const Owner& other) noexcept : thing(other.thing) {}
  Owner(Owner&& other) noexcept : thing(std::move(other.thing)) {}
  Owner& operator=(Owner other) noexcept {
    thing.swap(other.thing);
    return *this;
  }
  ~Owner() = default;
  friend bool operator==(const Owner& a, const Owner& b);

  weakref::strong_ref<Thing> thing;
};

export using Object = weakref::strong_ref<Thing>;
export using Reference = weakref::ref<Thing>;
export using TaggedReference = weakref::strong_ref<Tagged>;
export using KeyedReference = weakref::strong_ref<weakref::KeyedRef<Thing, std::string>>;
export using Proxy = weakref::ProxyType<Thing>;
export using FunctionObject = weakref::strong_ref<Function>;
export using Method = weakref::strong_ref<weakref::bound_method<Thing, FunctionObject>>;
export using WeakMethod = weakref::WeakMethod<Thing, FunctionObject>;
export using Finalizer = weakref::finalize<Thing, Action, Object>;
export using ValueDictionary = weakref::WeakValueDictionary<std::string, Thing>;
export using KeyDictionary = weakref::WeakKeyDictionary<Thing, Object>;
export using IdKeyDictionary = weakref::WeakIdKeyDictionary<Thing, Owner>;
export using Set = weakref::WeakSet<Thing>;
export using IdSet = weakref::WeakIdSet<Thing>;

/// A walk over a container, one step at a time.
export class Iteration {
 public:
  Iteration() = default;
  Iteration(const Iteration&) = delete;
  Iteration& operator=(const Iteration&) = delete;
  virtual ~Iteration() = default;
  /// What is shown, and what a variable gets; nothing at the end.
  virtual std::optional<std::pair<std::string, Value>> next() = 0;
};

/// A result that is kept, but cannot be taken apart.
export using List = std::vector<Value>;

using AnyValue = std::variant<std::nullptr_t, bool, std::size_t, std::string, Object, Reference,
                              TaggedReference, KeyedReference, Proxy, FunctionObject, Method, WeakMethod,
                              Finalizer, std::shared_ptr<ValueDictionary>, std::shared_ptr<KeyDictionary>,
                              std::shared_ptr<IdKeyDictionary>, std::shared_ptr<Set>, std::shared_ptr<IdSet>,
                              std::shared_ptr<Iteration>, std::shared_ptr<List>>;

export struct Value : AnyValue {
  using AnyValue::AnyValue;
};

/// An object, or None.
export [[nodiscard]] Value value_of(Object object);

/// The reference that it is, of whatever class.
export [[nodiscard]] std::optional<Reference> as_reference(const Value& value);

/// Python's `is`.
export [[nodiscard]] bool same(const Value& a, const Value& b);

/// As traces show it.
export [[nodiscard]] std::string show(const Value& value);
export [[nodiscard]] std::string show(const Object& object);

}  // namespace oracle
