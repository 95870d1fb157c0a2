// error: d[key] is used in the same expression: write V v = d[key], or d.at(key)

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::WeakKeyDictionary<Image, int> d;
  auto x = d[weakref::make<Image>()];
  int n = x;
}
