#include <iostream>

import weakref;

// What a library must do when it is unloaded. A C++ program has no module objects; an object that lives as
// long as the library takes its place.

struct Module : weakref::object {
  const char* title = "module";
};

int main() {
  static const auto module = weakref::make<Module>();
  weakref::finalize(module, [] { std::cout << "unloading " << module->title << "\n"; });
  std::cout << "running\n";
}
