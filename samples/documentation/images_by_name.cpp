#include <iostream>
#include <string>
#include <utility>

import weakref;

// Large objects shared by name for as long as anybody uses them.

struct Image : weakref::object {
  explicit Image(std::string n) : name(std::move(n)) { std::cout << "loading " << name << "\n"; }
  std::string name;
};

weakref::WeakValueDictionary<std::string, Image> images;

auto load(const std::string& name) {
  return images.get_or_create(name, [&] { return weakref::make<Image>(name); });
}

void print_names() {
  std::cout << "[";
  for (const std::string& name : images) std::cout << weakref::repr(name);
  std::cout << "]\n";
}

int main() {
  auto first = load("logo");
  auto second = load("logo");
  std::cout << (is(first, second) ? "True" : "False") << "\n";
  print_names();
  first.reset();
  second.reset();
  print_names();
  const auto third = load("logo");
}
