module;

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

module oracle;

import weakref;

namespace oracle {

void add_finalizers(Operations& operations);

namespace {

Value shown(std::optional<Finalizer::info> info) {
  if (!info) return nullptr;
  return show(info->obj) + " " + info->func.block + " " + show(std::get<0>(info->args));
}

}  // namespace

void add_finalizers(Operations& operations) {
  operations.add<Object, std::nullptr_t>("finalize", [](const Call& call) {
    return Value(Finalizer(call.thing(0), Action{machine().current(), call.block()}, call.owned()));
  });
  operations.add<Finalizer>("call", [](const Call& call) {
    const std::optional<std::string> result = call.as<Finalizer>(0)();
    return result ? Value(*result) : Value();
  });
  operations.add<Finalizer>("alive", [](const Call& call) { return Value(call.as<Finalizer>(0).alive()); });
  operations.add<Finalizer>("peek", [](const Call& call) { return shown(call.as<Finalizer>(0).peek()); });
  operations.add<Finalizer>("detach", [](const Call& call) { return shown(call.as<Finalizer>(0).detach()); });
  operations.add<Finalizer>("atexit", [](const Call& call) {
    if (call.size() > 1) call.as<Finalizer>(0).atexit(call.word(1) == "on");
    return Value(call.as<Finalizer>(0).atexit());
  });
}

}  // namespace oracle
