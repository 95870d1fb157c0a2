// error: the function must be a method of the object's class, or of a base of it

import weakref;

struct Image : weakref::object {
  int width = 0;
  void play() {}
};
struct Sound : weakref::object {
  void play() {}
};
int main() { auto m = weakref::method(weakref::make<Image>(), &Sound::play); }
