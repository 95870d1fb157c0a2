// error: 'Plain' is not derived from weakref::object

import weakref;

struct Plain {};
int main() {
  weakref::WeakValueDictionary<int, Plain> d;
  d[1] = weakref::make<Plain>();
}
