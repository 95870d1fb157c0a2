#include <cstdint>
#include <iostream>

import weakref;

// Objects by their ids, which do not keep them alive. An id is used again after the death of its object: what
// is found later under it may be another one.

struct A : weakref::object {};

weakref::WeakValueDictionary<std::uintptr_t, A> objects;

std::uintptr_t remember(const weakref::strong_ref<A>& obj) {
  const auto oid = id(obj);
  objects[oid] = obj;
  return oid;
}

weakref::strong_ref<A> id2obj(std::uintptr_t oid) { return objects[oid]; }

int main() {
  auto a = weakref::make<A>();
  const auto a_id = remember(a);
  std::cout << (is(id2obj(a_id), a) ? "True" : "False") << "\n";
  a.reset();
  try {
    id2obj(a_id);
    std::cout << "WeakValueDictionary error\n";
  } catch (const weakref::KeyError&) {
    std::cout << "OK\n";
  }
}
