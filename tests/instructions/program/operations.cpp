#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <valgrind/callgrind.h>

import weakref;

// The eight operations that programs do most, each many times between two dumps of callgrind, which counts
// their instructions: `operations ST`, without threads, and `operations MT`, beside an idle one.

namespace {

constexpr int many = 1000;

struct Image : weakref::object {
  explicit Image(int n = 0) : number(n) {}
  int number;
};

/// What a compiler must not see through.
template <class T>
void use(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

/// Counts the instructions of one repetition, loop included.
template <class Operation>
void count(const char* name, const Operation& operation) {
  operation();  // whatever happens only once
  CALLGRIND_ZERO_STATS;
  for (int i = 0; i < many; ++i) operation();
  CALLGRIND_DUMP_STATS_AT(name);
}

void count_all() {
  using weakref::make;
  const auto image = make<Image>();
  const weakref::ref reference{image};
  weakref::WeakValueDictionary<std::string, Image> images;
  std::vector<weakref::strong_ref<Image>> owners;
  for (int i = 0; i < many; ++i) {
    owners.push_back(make<Image>(i));
    images.set("picture " + std::to_string(i), owners.back());
  }
  const std::string key = "picture 500";
  const std::string fresh_key = "fresh";
  const auto callback = [](const weakref::ref<Image>&) {};

  count("deref", [&] { use(reference()); });
  count("strong copy", [&] { use(weakref::strong_ref(image)); });
  count("further reference", [&] { use(weakref::ref(image)); });
  count("object born and dead", [] { use(make<Image>()); });
  count("object with one reference", [] { use(weakref::ref(make<Image>())); });
  count("callback reference", [&] { use(weakref::ref(image, callback)); });
  count("look-up by key", [&] { use(images.get(key)); });
  count("insert and death", [&] {
    const auto owner = make<Image>();
    images.set(fresh_key, owner);
  });
}

}  // namespace

int main(int, char** arguments) {
  if (*arguments[1] == 'S') {
    count_all();
    return 0;
  }
  std::promise<void> done;
  std::thread idle([waits = done.get_future()] { waits.wait(); });
  count_all();
  done.set_value();
  idle.join();
}
