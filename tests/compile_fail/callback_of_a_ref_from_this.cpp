// error: a callback must be callable with a const ref<T>&

import weakref;

struct Image : weakref::object {};
int main() {
  const auto image = weakref::make<Image>();
  weakref::ref r{*image, [] {}};
}
