#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

import weakref;

// How much memory a process has before and after large objects: `resident weakref|std SCENARIO COUNT` prints
// the difference in KiB. resident_test.cpp compares the two.

namespace {

std::size_t resident_kib() {
  std::ifstream statm("/proc/self/statm");
  std::size_t whole = 0;
  std::size_t resident = 0;
  statm >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

struct Polymorphic {
  virtual ~Polymorphic() = default;
};

template <class Base, std::size_t size>
struct Pixels : Base {
  Pixels() { std::memset(bytes.data(), 1, size); }
  std::array<std::byte, size> bytes;
};

struct of_weakref {
  template <std::size_t size>
  using strong = weakref::strong_ref<Pixels<weakref::object, size>>;
  template <std::size_t size>
  using weak = weakref::ref<Pixels<weakref::object, size>>;
  template <std::size_t size>
  static strong<size> make() {
    return weakref::make<Pixels<weakref::object, size>>();
  }
};

struct of_std {
  template <std::size_t size>
  using strong = std::shared_ptr<Pixels<Polymorphic, size>>;
  template <std::size_t size>
  using weak = std::weak_ptr<Pixels<Polymorphic, size>>;
  template <std::size_t size>
  static strong<size> make() {
    return std::make_shared<Pixels<Polymorphic, size>>();
  }
};

/// Every second object goes first, then all.
template <class Family>
void every_second(std::size_t count) {
  std::vector<typename Family::template strong<5'000>> objects;
  objects.reserve(count);
  for (std::size_t i = 0; i < count; ++i) objects.push_back(Family::template make<5'000>());
  for (std::size_t i = 0; i < count; i += 2) objects[i].reset();
}

/// References outlive the objects for some time.
template <class Family>
void outlived(std::size_t count) {
  std::vector<typename Family::template strong<5'000>> objects;
  std::vector<typename Family::template weak<5'000>> references;
  objects.reserve(count);
  references.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    objects.push_back(Family::template make<5'000>());
    references.emplace_back(objects.back());
  }
  objects = {};
}

/// References outlive the objects, at the end too.
template <class Family>
void outlived_for_good(std::size_t count) {
  using weak = typename Family::template weak<64'000>;
  auto& references = *new std::vector<weak>;
  references.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto object = Family::template make<64'000>();
    references.emplace_back(object);
  }
}

/// So many living ones, and between them as many dead ones with a reference.
template <class Family>
void thumbnails(std::size_t count) {
  std::vector<typename Family::template strong<5'000>> living;
  std::vector<typename Family::template weak<5'000>> dead;
  living.reserve(count);
  dead.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    living.push_back(Family::template make<5'000>());
    const auto object = Family::template make<5'000>();
    dead.emplace_back(object);
  }
}

template <class Family>
void run(std::string_view scenario, std::size_t count) {
  if (scenario == "every_second") every_second<Family>(count);
  if (scenario == "outlived") outlived<Family>(count);
  if (scenario == "outlived_for_good") outlived_for_good<Family>(count);
  if (scenario == "thumbnails") thumbnails<Family>(count);
}

}  // namespace

int main(int, char** arguments) {
  const std::size_t before = resident_kib();
  const std::size_t count = std::strtoul(arguments[3], nullptr, 10);
  if (std::string_view(arguments[1]) == "weakref") {
    run<of_weakref>(arguments[2], count);
  } else {
    run<of_std>(arguments[2], count);
  }
  std::printf("%zu\n", resident_kib() - before);
}
