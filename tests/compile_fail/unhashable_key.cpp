// error: unhashable type: 'Point'
import weakref;

struct Point : weakref::object {
  [[maybe_unused]] friend bool operator==(const Point&, const Point&) { return true; }
};

int main() {
  weakref::WeakKeyDictionary<Point, int> d;
  d[weakref::make<Point>()] = 1;
}
