#include <iostream>

import weakref;

// What lives at exit is finalized then, unless it was told not to be.

struct Object : weakref::object {};

void print(const char* text) { std::cout << text << "\n"; }

int main() {
  static const auto obj = weakref::make<Object>();
  weakref::finalize(obj, print, "obj dead or exiting");
  const weakref::finalize skipped{obj, print, "not at exit"};
  skipped.atexit(false);
  print("exiting");
}
