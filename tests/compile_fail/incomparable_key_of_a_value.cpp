// error: 'Point' is no key: it has no ==
#include <functional>

import weakref;

struct Image : weakref::object {};
struct Point {};
template <>
struct std::hash<Point> {
  std::size_t operator()(const Point&) const { return 0; }
};
int main() { weakref::WeakValueDictionary<Point, Image> d; }
