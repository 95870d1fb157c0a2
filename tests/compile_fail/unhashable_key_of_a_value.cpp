// error: unhashable type: 'Point'

import weakref;

struct Image : weakref::object {};
struct Point {
  [[maybe_unused]] friend bool operator==(const Point&, const Point&) { return true; }
};
int main() { weakref::WeakValueDictionary<Point, Image> d; }
