#include <cstdint>
#include <filesystem>
#include <iostream>

#include "temporary_directory.hpp"

import weakref;

// A folder that goes with its last owner or at exit, whichever comes first. The finalizer holds only what it
// needs: the name.

std::uintmax_t remove_tree(const std::filesystem::path& name) { return std::filesystem::remove_all(name); }

class TempDir : public weakref::object {
 public:
  const std::filesystem::path name = make_temporary_directory();

  void remove() { finalizer_(); }
  bool removed() const { return !finalizer_.alive(); }

 private:
  weakref::finalize<TempDir, decltype(&remove_tree), std::filesystem::path> finalizer_{*this, remove_tree,
                                                                                       name};
};

const char* text(bool value) { return value ? "True" : "False"; }

int main() {
  // Removed by hand,
  auto directory = weakref::make<TempDir>();
  std::filesystem::path name = directory->name;
  std::cout << text(is_directory(name)) << " " << text(directory->removed()) << "\n";
  directory->remove();
  std::cout << text(is_directory(name)) << " " << text(directory->removed()) << "\n";
  // with its last owner,
  directory = weakref::make<TempDir>();
  name = directory->name;
  directory.reset();
  std::cout << text(is_directory(name)) << "\n";
  // or at exit.
  static const auto immortal = weakref::make<TempDir>();
  weakref::finalize(immortal, [](const char* word) { std::cout << word << "\n"; }, "exiting");
}
