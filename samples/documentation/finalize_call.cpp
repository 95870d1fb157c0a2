#include <iostream>
#include <optional>

import weakref;

// A finalizer may be called by hand, once.

struct Object : weakref::object {};

int callback(int x, int y, int z) {
  std::cout << "CALLBACK\n";
  return x + y + z;
}

void print(bool value) { std::cout << (value ? "True" : "False") << "\n"; }
void print(std::optional<int> result) {
  if (result) {
    std::cout << *result << "\n";
  } else {
    std::cout << "None\n";
  }
}

int main() {
  auto obj = weakref::make<Object>();
  const weakref::finalize f{obj, callback, 1, 2, 3};
  print(f.alive());
  print(f());
  print(f.alive());
  print(f());   // callback not called because finalizer dead
  obj.reset();  // callback not called because finalizer dead
}
