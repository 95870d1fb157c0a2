// error: cannot create weak reference to 'Image' object: give an owner, as make() returns it

import weakref;

struct Image : weakref::object {};
int main() {
  Image image;
  weakref::proxy(image);
}
