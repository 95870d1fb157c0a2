#include <initializer_list>
#include <iostream>
#include <map>
#include <string>

import weakref;

// Lists and dicts cannot be referred to, but classes derived from them can.

struct Dict : weakref::object, std::map<std::string, int> {
  using map::map;
};

static_assert(weakref::weakly_referenceable<Dict>);
static_assert(!weakref::weakly_referenceable<std::map<std::string, int>>);

int main() {
  const auto obj =
      weakref::make<Dict>(std::initializer_list<Dict::value_type>{{"red", 1}, {"green", 2}, {"blue", 3}});
  const weakref::ref r{obj};
  std::cout << (is(r(), obj) ? "True" : "False") << "\n";
  std::cout << r()->at("green") << "\n";
}
