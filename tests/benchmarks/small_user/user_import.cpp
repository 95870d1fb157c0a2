// An object, an owner, a reference: with weakref.

import weakref;

struct Image : weakref::object {
  int width = 0;
};

int main(int argc, char**) {
  auto image = weakref::make<Image>();
  image->width = argc;
  const weakref::ref<Image> reference(image);
  if (argc > 1) image.reset();
  const auto held = reference();
  return held ? held->width : 0;
}
