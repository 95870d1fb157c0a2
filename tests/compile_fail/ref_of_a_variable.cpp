// error: cannot create weak reference to 'Plain' object: give an owner, as make() returns it

import weakref;

struct Plain {};
int main() {
  Plain plain;
  weakref::ref r{plain};
}
