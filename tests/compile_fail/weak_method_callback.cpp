// error: a callback must be callable with a const WeakMethod&

import weakref;

struct Image : weakref::object {
  int width = 0;
  void play() {}
};
int main() {
  weakref::WeakMethod m{weakref::make<Image>(), &Image::play, [](int) {}};
}
