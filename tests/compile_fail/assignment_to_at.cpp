// error: this sets a copy that is dropped at once; a dictionary is set by d[key] = value
#include <string>

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::WeakValueDictionary<std::string, Image> d;
  d.at("a") = weakref::make<Image>();
}
