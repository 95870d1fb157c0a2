// error: a callback must be callable with a const ref<T>&

import weakref;

struct Image : weakref::object {};
struct Tagged : weakref::ReferenceType<Image> {
  Tagged(const weakref::strong_ref<Image>& image, weakref::callback_of<Image> callback)
      : ReferenceType(image, callback) {}
};
int main() {
  weakref::make<Tagged>(weakref::make<Image>(), [] {});
}
