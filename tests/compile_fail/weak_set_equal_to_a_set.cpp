// error: a weak set is equal to one of its own kind only: ask issubset() and issuperset()
#include <set>

import weakref;

struct Image : weakref::object {};
int main() {
  const std::set<weakref::strong_ref<Image>> owners;
  const weakref::WeakSet<Image> images;
  return images == owners;
}
