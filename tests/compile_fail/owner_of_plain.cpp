// error: 'Plain' is not derived from weakref::object

import weakref;

struct Plain {};
int main() { weakref::strong_ref<Plain> x = weakref::make<Plain>(); }
