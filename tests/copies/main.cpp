#include <array>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <utility>

#include "other.hpp"

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

namespace {

int failed = 0;

void expect(bool held, const char* what) {
  if (held) return;
  std::printf("%s\n", what);
  ++failed;
}

strong_ref<Image> make_here(kind which, Counts* counts) {
  switch (which) {
    case kind::finalized:
      return make<Finalized>(counts);
    case kind::large:
      return make<Large>(counts);
    case kind::aligned:
      return make<Aligned>(counts);
    default:
      return make<Image>(counts);
  }
}

/// One object, made in one copy and dropped in the other, with all that may refer to it.
void share(strong_ref<Image> (*make_image)(kind, Counts*), kind which, bool dropped_there) {
  const auto drop = [dropped_there](auto& handle) {
    if (dropped_there) return drop_there(handle);
    handle.reset();
  };
  Counts counts;
  auto plain = make_image(which, &counts);
  drop(plain);
  expect(counts.deaths == 1, "an object that nothing refers to did not die");

  auto image = make_image(which, &counts);
  ref shared{image};
  int calls = 0;
  ref<Image> here{image, [&calls](const ref<Image>&) { ++calls; }};
  ref<Image> there = refer_there(image, &calls);
  weakref::WeakValueDictionary<int, Image> dictionary;
  dictionary.set(1, image);
  weakref::WeakKeyDictionary<Image, int> notes;
  notes.set(image, 1);
  int finalized = 0;
  const weakref::finalize finalizer{image, [&finalized] { ++finalized; }};
  expect(getweakrefcount(image) == 6, "references are not counted");
  auto copy = shared();
  drop(image);
  expect(counts.deaths == 1, "an object died that has an owner");
  drop(copy);
  expect(counts.deaths == 2, "an object with references did not die");
  expect(counts.finalized == (which == kind::finalized ? 2 : 0), "del() did not run once");
  expect(calls == 2, "callbacks did not run once");
  expect(finalized == 1 && !finalizer.alive(), "a finalizer did not run once");
  expect(dictionary.empty() && notes.empty(), "an entry is left");
  expect(shared.expired() && here.expired() && there.expired(), "a reference is alive");
  drop(shared);
  drop(here);
  drop(there);
}

void refuse_strangers() {
  try {
    const ref<Image> r(stranger_there());
    expect(false, "an object that make() did not make was referred to");
  } catch (const weakref::TypeError&) {
  }
}

struct Derived : Base {};

}  // namespace

int main(int count, char** arguments) {
  if (count > 1 && arguments[1] == std::string_view("a_class_in_both")) {
    (void)make<Derived>();
    return 1;
  }
  for (const kind which : {kind::image, kind::finalized, kind::large, kind::aligned}) {
    share(make_there, which, false);
    share(make_there, which, true);
    share(make_here, which, true);
  }
  refuse_strangers();
  return failed == 0 ? 0 : 1;
}
