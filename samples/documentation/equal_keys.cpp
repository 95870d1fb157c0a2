#include <cstddef>
#include <functional>
#include <iostream>
#include <string>

import weakref;

// A key that is equal to one that is there replaces the value, and not the key: the entry dies with the old
// one.

struct T : weakref::object, std::string {
  bool operator==(const T& other) const {
    return static_cast<const std::string&>(*this) == static_cast<const std::string&>(other);
  }
};
template <>
struct std::hash<T> {
  std::size_t operator()(const T& x) const { return std::hash<std::string>()(x); }
};

void print_values(const weakref::WeakKeyDictionary<T, int>& d) {
  std::cout << "[";
  for (const int value : d.values()) std::cout << value;
  std::cout << "]\n";
}

int main() {
  auto k1 = weakref::make<T>();
  auto k2 = weakref::make<T>();
  weakref::WeakKeyDictionary<T, int> d;
  d[k1] = 1;
  d[k2] = 2;  // d = {k1: 2}
  print_values(d);
  k1.reset();  // d = {}
  print_values(d);

  // One way out is to remove the key before. Another is WeakIdKeyDictionary, which goes by identity.
  k1 = weakref::make<T>();
  d[k1] = 1;
  d.del(k1);
  d[k2] = 2;  // d = {k2: 2}
  k1.reset();
  print_values(d);
}
