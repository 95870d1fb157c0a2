module;

#include <cstddef>
#include <variant>

module oracle;

import weakref;

namespace oracle {

void add_proxies(Operations& operations);

void add_proxies(Operations& operations) {
  operations.add<Object, std::nullptr_t>("proxy", [](const Call& call) {
    if (!call.has_block()) return Value(weakref::proxy(call.thing(0)));
    return Value(weakref::proxy(call.thing(0), call.callback()));
  });
  operations.add<Proxy>("eq", [](const Call& call) {
    const Proxy& proxy = call.as<Proxy>(0);
    if (const auto* const other = std::get_if<Proxy>(&call.value(1))) return Value(proxy == *other);
    return Value(proxy == *call.as<Object>(1));
  });
  operations.add<Proxy>("len", [](const Call& call) { return Value(call.as<Proxy>(0)->size()); });
}

}  // namespace oracle
