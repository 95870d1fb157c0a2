// error: a pointer is no owner: give the strong_ref that make() returned, or *this

import weakref;

struct Image : weakref::object {};
int main() {
  Image image;
  weakref::ref<Image> r{&image};
}
