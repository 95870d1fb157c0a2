// An object, an owner, a reference: with the standard library.

#include <memory>

struct Image {
  virtual ~Image() = default;
  int width = 0;
};

int main(int argc, char**) {
  auto image = std::make_shared<Image>();
  image->width = argc;
  const std::weak_ptr<Image> reference(image);
  if (argc > 1) image.reset();
  const auto held = reference.lock();
  return held ? held->width : 0;
}
