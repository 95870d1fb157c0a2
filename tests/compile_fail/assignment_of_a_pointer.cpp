// error: this is no value of the dictionary; where those are objects, give an owner, as make() returns it
#include <string>

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::WeakValueDictionary<std::string, Image> d;
  d["a"] = new Image;
}
