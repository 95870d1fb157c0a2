// error: is it there? ask d.contains(key), or test d.get(key): d[key] throws
#include <string>

import weakref;

struct Image : weakref::object {};
int main() {
  weakref::WeakValueDictionary<std::string, Image> d;
  if (d["a"]) return 1;
}
