#include <iostream>
#include <tuple>

import weakref;

// A finalizer that is detached gives back what it would have called.

struct Object : weakref::object {};

int callback(int x, int y, int z) {
  std::cout << "CALLBACK\n";
  return x + y + z;
}

int main() {
  const auto obj = weakref::make<Object>();
  const weakref::finalize f{obj, callback, 1, 2, 3};
  const auto [newobj, func, args] = f.detach().value();
  std::cout << (f.alive() ? "True" : "False") << "\n";
  std::cout << (is(newobj, obj) ? "True" : "False") << "\n";
  std::cout << std::apply(func, args) << "\n";
}
