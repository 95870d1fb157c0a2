import weakref;

struct Image : weakref::object {};

int main() {
  auto image = weakref::make<Image>();
  const weakref::ref r{image};
  const bool alive = r() == image;
  image.reset();
  return alive && r.expired() ? 0 : 1;
}
