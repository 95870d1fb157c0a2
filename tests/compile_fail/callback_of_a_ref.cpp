// error: a callback must be callable with a const ref<T>&

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::ref r{weakref::make<Image>(), [](int) {}};
}
