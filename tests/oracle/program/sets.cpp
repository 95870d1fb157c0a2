module;

#include <cstddef>
#include <memory>
#include <string>

module oracle;

import weakref;

namespace oracle {

void add_sets(Operations& operations);

namespace {

template <class S>
void add_set(Operations& operations) {
  using kind = std::shared_ptr<S>;
  operations.add<kind>("add", [](const Call& call) {
    set_in<S>(call).add(call.thing(1));
    return Value();
  });
  operations.add<kind>("discard", [](const Call& call) {
    set_in<S>(call).discard(call.thing(1));
    return Value();
  });
  operations.add<kind>("remove", [](const Call& call) {
    set_in<S>(call).remove(call.thing(1));
    return Value();
  });
  operations.add<kind>("pop", [](const Call& call) { return value_of(set_in<S>(call).pop()); });
  operations.add<kind>("contains",
                       [](const Call& call) { return Value(set_in<S>(call).contains(call.thing(1))); });
  operations.add<kind>("len", [](const Call& call) { return Value(len(set_in<S>(call))); });
  operations.add<kind>("clear", [](const Call& call) {
    set_in<S>(call).clear();
    return Value();
  });
  operations.add<kind>("copy", [](const Call& call) { return made(set_in<S>(call).copy()); });
  operations.add<kind>("items", [](const Call& call) {
    std::string text;
    for (const Object& element : set_in<S>(call)) text += (text.empty() ? "" : ", ") + show(element);
    return Value("{" + text + "}");
  });
}

}  // namespace

void add_sets(Operations& operations) {
  operations.add_for_any("WeakSet", [](const Call& call) { return made(Set(things_in(call, 0))); });
  operations.add_for_any("WeakIdSet", [](const Call& call) { return made(IdSet(things_in(call, 0))); });
  add_set<Set>(operations);
  add_set<IdSet>(operations);
}

}  // namespace oracle
