#include <iostream>

import weakref;

// A finalizer needs nobody to hold it.

struct Object : weakref::object {};

int main() {
  auto kenny = weakref::make<Object>();
  weakref::finalize(kenny, [](const char* text) { std::cout << text << "\n"; }, "You killed Kenny!");
  kenny.reset();
}
