module;

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>

module oracle;

import weakref;

namespace oracle {

void add_references(Operations& operations);

namespace {

template <class R>
Value referent_of(const Call& call) {
  return value_of(Reference(call.as<R>(0))());
}

/// The block of its callback.
template <class R>
Value callback_of(const Call& call) {
  const Reference reference(call.as<R>(0));
  const auto callback = reference.callback<Callback>();
  return callback ? Value(callback->block) : Value();
}

bool equal(const Value& a, const Value& b) {
  const auto* const x = std::get_if<WeakMethod>(&a);
  const auto* const y = std::get_if<WeakMethod>(&b);
  if (x != nullptr && y != nullptr) return *x == *y;
  if (std::holds_alternative<Object>(b)) return *as_reference(a) == std::get<Object>(b);
  const auto other = as_reference(b);
  if (!other) throw Inapplicable();
  if (x != nullptr) return *x == *other;
  return *as_reference(a) == *other;
}

}  // namespace

void add_references(Operations& operations) {
  operations.add<Object, std::nullptr_t>("ref", [](const Call& call) {
    if (!call.has_block()) return Value(Reference(call.thing(0)));
    return Value(Reference(call.thing(0), call.callback()));
  });
  operations.add<Object, std::nullptr_t>("tagged", [](const Call& call) {
    if (!call.has_block()) return Value(weakref::make<Tagged>(call.thing(0), weakref::None, std::size_t{7}));
    return Value(weakref::make<Tagged>(call.thing(0), call.callback(), std::size_t{7}));
  });
  operations.add<Object, std::nullptr_t>("keyed", [](const Call& call) {
    using keyed = weakref::KeyedRef<Thing, std::string>;
    if (!call.has_block()) return Value(weakref::make<keyed>(call.thing(0), weakref::None, call.word(1)));
    return Value(weakref::make<keyed>(call.thing(0), call.callback(), call.word(1)));
  });
  operations.add<Reference>("call", referent_of<Reference>);
  operations.add<TaggedReference>("call", referent_of<TaggedReference>);
  operations.add<KeyedReference>("call", referent_of<KeyedReference>);
  operations.add<Reference>("callback", callback_of<Reference>);
  operations.add<TaggedReference>("callback", callback_of<TaggedReference>);
  operations.add<KeyedReference>("callback", callback_of<KeyedReference>);
  operations.add<TaggedReference>("tag",
                                  [](const Call& call) { return Value(call.as<TaggedReference>(0)->tag); });
  operations.add<KeyedReference>("key",
                                 [](const Call& call) { return Value(call.as<KeyedReference>(0)->key()); });
  operations.add<Reference, TaggedReference, KeyedReference, WeakMethod>(
      "hash", [](const Call& call) { return Value(std::hash<Reference>()(*as_reference(call.value(0)))); });
  operations.add<Reference, TaggedReference, KeyedReference, WeakMethod>(
      "eq", [](const Call& call) { return Value(equal(call.value(0), call.value(1))); });
}

}  // namespace oracle
