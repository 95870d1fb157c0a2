module;

#include <cstddef>
#include <string>
#include <typeinfo>  // for callbacks, which GCC 15 instantiates with what is in sight here
#include <variant>

module oracle;

import weakref;

namespace oracle {

void add_methods(Operations& operations);

namespace {

/// A method, or None.
Method method_of(const Value& value) {
  if (std::holds_alternative<std::nullptr_t>(value)) return nullptr;
  const Method* const method = std::get_if<Method>(&value);
  if (method == nullptr) throw Inapplicable();
  return *method;
}

Value value_of(Method method) {
  if (method == weakref::None) return nullptr;
  return method;
}

}  // namespace

void add_methods(Operations& operations) {
  operations.add_for_any("function", [](const Call& call) {
    return Value(FunctionObject(weakref::make<Function>(call.block())));
  });
  operations.add<Object, std::nullptr_t>("method", [](const Call& call) {
    if (std::holds_alternative<std::nullptr_t>(call.value(1))) {
      return Value(weakref::method(call.thing(0), FunctionObject()));
    }
    return Value(weakref::method(call.thing(0), call.as<FunctionObject>(1)));
  });
  operations.add<Method, std::nullptr_t>("weakmethod", [](const Call& call) {
    const Method method = method_of(call.value(0));
    if (!call.has_block()) return Value(WeakMethod(method));
    return Value(WeakMethod(method, call.callback()));
  });
  operations.add<WeakMethod>("call", [](const Call& call) { return value_of(call.as<WeakMethod>(0)()); });
  operations.add<Method>("call", [](const Call& call) {
    (*call.as<Method>(0))();
    return Value();
  });
  operations.add<Method>("self", [](const Call& call) { return Value(call.as<Method>(0)->self()); });
  operations.add<Method>("function_of", [](const Call& call) { return Value(call.as<Method>(0)->func()); });
  operations.add<Method>("eq",
                         [](const Call& call) { return Value(*call.as<Method>(0) == *call.as<Method>(1)); });
}

}  // namespace oracle
