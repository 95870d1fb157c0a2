// error: 'Plain' is not derived from weakref::object

import weakref;

struct Plain {};
int main() {
  weakref::WeakKeyDictionary<Plain, int> d;
  d[weakref::make<Plain>()] = 1;
}
