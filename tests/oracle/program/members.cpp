module;

#include <cstddef>
#include <string>
#include <variant>

module oracle;

import weakref;

// What things own: members, reached through the thing or a proxy.

namespace oracle {

void add_members(Operations& operations);

namespace {

/// The thing for as long as the operation lasts. Throws ReferenceError.
Object held(const Call& call) {
  if (const auto* const proxy = std::get_if<Proxy>(&call.value(0))) return proxy->operator->();
  return call.as<Object>(0);
}

Value set(const Call& call) {
  const Value& value = call.value(2);
  if (const auto* const proxy = std::get_if<Proxy>(&call.value(0))) {
    (*proxy)->set(call.word(1), value);
  } else {
    call.as<Object>(0)->set(call.word(1), value);
  }
  return nullptr;
}

}  // namespace

void add_members(Operations& operations) {
  operations.add<Object, Proxy>("set", set);
  operations.add<Object, Proxy>("get", [](const Call& call) { return held(call)->get(call.word(1)); });
  operations.add<Object, Proxy>("del",
                                [](const Call& call) { return Value(held(call)->erase(call.word(1))); });
  operations.add<Object>("contains",
                         [](const Call& call) { return Value(call.as<Object>(0)->contains(call.word(1))); });
  operations.add<Proxy>("contains",
                        [](const Call& call) { return Value(call.as<Proxy>(0).contains(call.word(1))); });
  operations.add<Object>("len", [](const Call& call) { return Value(call.as<Object>(0)->size()); });
}

}  // namespace oracle
