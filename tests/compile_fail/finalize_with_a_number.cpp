// error: a finalizer's function must be callable with its arguments

import weakref;

struct Image : weakref::object {};
int main() { weakref::finalize f{weakref::make<Image>(), 5}; }
