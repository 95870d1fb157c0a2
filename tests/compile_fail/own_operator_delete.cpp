// error: make() allocates its objects itself: the class must not have an operator new or
#include <cstddef>

import weakref;

struct Pooled : weakref::object {
  static void operator delete(void* self);
};
struct Derived : Pooled {};
int main() { weakref::make<Derived>(); }
