#include <iostream>

import weakref;

// A reference is called once, and the result is tested: that has no race, whatever other threads do. To ask
// expired() first would have one.

struct Object : weakref::object {
  void do_something_useful() { std::cout << "Object is still live!\n"; }
};

void use(const weakref::ref<Object>& r) {
  if (const auto o = r()) {
    o->do_something_useful();
  } else {
    std::cout << "Object has been deallocated; can't frobnicate.\n";
  }
}

int main() {
  auto o = weakref::make<Object>();
  const weakref::ref r{o};
  auto o2 = r();
  std::cout << (is(o, o2) ? "True" : "False") << "\n";
  use(r);
  o.reset();
  o2.reset();
  std::cout << repr(r()) << "\n";
  use(r);
}
