module;

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

module oracle;

import weakref;

// Objects themselves, and what can be asked of anything.

namespace oracle {

void add_objects(Operations& operations);

namespace {

std::optional<std::size_t> number_of(const std::string& word) {
  if (word.empty() || !std::ranges::all_of(word, [](unsigned char c) { return std::isdigit(c) != 0; })) {
    return std::nullopt;
  }
  return std::stoul(word);
}

Value make(const Call& call) {
  const auto value = call.size() > 0 ? number_of(call.word(0)) : std::nullopt;
  if (call.has_block()) return Object(weakref::make<HookedThing>(value, call.block()));
  if (call.size() > 0 && call.word(0) == "large") return Object(weakref::make<LargeThing>(std::nullopt));
  return Object(weakref::make<Thing>(value));
}

template <class X>
std::string shown_repr(const X& x) {
  return anonymous(repr(x));
}

}  // namespace

void add_objects(Operations& operations) {
  operations.add_for_any("make", make);
  operations.add_for_any("drop", [](const Call&) { return Value(); });
  operations.add_for_any("alias", [](const Call& call) { return call.value(0); });
  operations.add_for_any("is", [](const Call& call) { return Value(same(call.value(0), call.value(1))); });
  operations.add_for_any("show", [](const Call& call) { return Value(show(call.value(0))); });
  operations.add_for_any("run", [](const Call& call) {
    machine().run_block(machine().current(), call.block(), Value());
    return Value();
  });

  operations.add<Object>("eq", [](const Call& call) {
    const auto* const proxy = std::get_if<Proxy>(&call.value(1));
    if (proxy != nullptr) return Value(*call.as<Object>(0) == *proxy);
    return Value(*call.as<Object>(0) == *call.as<Object>(1));
  });
  operations.add<Object>("hash",
                         [](const Call& call) { return Value(std::hash<Thing>()(*call.as<Object>(0))); });
  operations.add<Object>("repr", [](const Call& call) { return Value(shown_repr(call.as<Object>(0))); });
  operations.add<Reference, TaggedReference, KeyedReference>(
      "repr", [](const Call& call) { return Value(shown_repr(*as_reference(call.value(0)))); });
  operations.add<WeakMethod>("repr",
                             [](const Call& call) { return Value(shown_repr(call.as<WeakMethod>(0))); });
  operations.add<Proxy>("repr", [](const Call& call) { return Value(shown_repr(call.as<Proxy>(0))); });
  operations.add<Finalizer>("repr",
                            [](const Call& call) { return Value(shown_repr(call.as<Finalizer>(0))); });
  operations.add<std::shared_ptr<Set>>(
      "repr", [](const Call& call) { return Value(shown_repr(*call.as<std::shared_ptr<Set>>(0))); });

  operations.add<Object, std::nullptr_t>(
      "count", [](const Call& call) { return Value(weakref::getweakrefcount(call.thing(0))); });
  operations.add<FunctionObject>(
      "count", [](const Call& call) { return Value(weakref::getweakrefcount(call.as<FunctionObject>(0))); });
  operations.add<Object, std::nullptr_t>("list", [](const Call& call) {
    auto list = std::make_shared<List>();
    for (auto& found : weakref::getweakrefs(call.thing(0))) {
      if (auto* const reference = std::get_if<Reference>(&found)) {
        list->emplace_back(std::move(*reference));
      } else {
        list->emplace_back(std::move(std::get<Proxy>(found)));
      }
    }
    return Value(list);
  });
}

}  // namespace oracle
