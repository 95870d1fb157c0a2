#include <array>
#include <cstddef>
#include <utility>

#include "other.hpp"

import weakref;

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

strong_ref<Image> make_there(kind which, Counts* counts) {
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

void drop_there(strong_ref<Image>& owner) { owner.reset(); }
void drop_there(ref<Image>& reference) { reference.reset(); }

ref<Image> refer_there(const strong_ref<Image>& image, int* calls) {
  return {image, [calls](const ref<Image>&) { ++*calls; }};
}

Image& stranger_there() {
  static Counts counts;
  static Image stranger(&counts);
  return stranger;
}

Base::Base() = default;
Base::~Base() = default;
