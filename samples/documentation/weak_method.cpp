#include <iostream>

import weakref;

// A bound method dies at once, though its object lives; a WeakMethod binds it anew.

struct C : weakref::object {
  void method() { std::cout << "method called!\n"; }
};

int main() {
  auto c = weakref::make<C>();
  const weakref::ref dead{method(c, &C::method)};
  std::cout << repr(dead()) << "\n";
  const weakref::WeakMethod r{c, &C::method};
  r()();
  c.reset();
  std::cout << repr(r()) << "\n";
}
