// error: 'Plain' is not derived from weakref::object

import weakref;

struct Plain {};
int main() {
  weakref::WeakSet<Plain> s;
  s.add(weakref::make<Plain>());
}
