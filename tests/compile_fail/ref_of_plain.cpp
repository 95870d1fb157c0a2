// error: 'Plain' is not derived from weakref::object

import weakref;

struct Plain {};
int main() {
  weakref::ref<Plain> r{weakref::make<Plain>()};
  auto x = r();
}
