// error: make() allocates its objects itself: the class must not have an operator new or
#include <cstddef>

import weakref;

struct Pooled : weakref::object {
  static void* operator new(std::size_t size);
};
int main() { weakref::make<Pooled>(); }
