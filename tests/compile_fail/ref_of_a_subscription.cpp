// error: write d.at(key), or V v = d[key] before
#include <string>

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::WeakValueDictionary<std::string, Image> d;
  weakref::ref r{d["a"]};
}
