// error: d[key] is used in the same expression: write V v = d[key], or d.at(key)
#include <string>

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::WeakValueDictionary<std::string, Image> d;
  auto x = d["a"];
  x = weakref::make<Image>();
}
