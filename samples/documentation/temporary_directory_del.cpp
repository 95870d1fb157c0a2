#include <filesystem>
#include <iostream>

#include "temporary_directory.hpp"

import weakref;

// A folder that its last owner takes with it: by a destructor, as in any C++ program. What a destructor does
// not do is to run at exit for an object that is never destroyed; compare temporary_directory_finalize.cpp.

class TempDir : public weakref::object {
 public:
  const std::filesystem::path name = make_temporary_directory();

  void remove() {
    if (!removed_) std::filesystem::remove_all(name);
    removed_ = true;
  }
  bool removed() const { return removed_; }

  ~TempDir() override { remove(); }

 private:
  bool removed_ = false;
};

const char* text(bool value) { return value ? "True" : "False"; }

int main() {
  auto directory = weakref::make<TempDir>();
  std::filesystem::path name = directory->name;
  std::cout << text(is_directory(name)) << " " << text(directory->removed()) << "\n";
  directory->remove();
  std::cout << text(is_directory(name)) << " " << text(directory->removed()) << "\n";
  directory = weakref::make<TempDir>();
  name = directory->name;
  directory.reset();
  std::cout << text(is_directory(name)) << "\n";
}
