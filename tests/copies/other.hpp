#pragma once

#include <array>
#include <cstddef>

import weakref;

// What the program and the shared library tell each other.

#define VISIBLE [[gnu::visibility("default")]]

/// How many of each class were destroyed, whichever copy did it.
struct Counts {
  int deaths = 0;
  int finalized = 0;
};

struct Image : weakref::object {
  explicit Image(Counts* c) : counts(c) {}
  ~Image() override { ++counts->deaths; }
  Counts* counts;
};

struct Finalized : Image {
  using Image::Image;
  void del() override { ++counts->finalized; }
};

struct Large : Image {
  using Image::Image;
  std::array<std::byte, 100'000> pixels{};
};

struct alignas(256) Aligned : Image {
  using Image::Image;
};

/// Made by make() in the shared library.
enum class kind { image, finalized, large, aligned };
VISIBLE weakref::strong_ref<Image> make_there(kind which, Counts* counts);

VISIBLE void drop_there(weakref::strong_ref<Image>& owner);
VISIBLE void drop_there(weakref::ref<Image>& reference);
/// Counts calls.
VISIBLE weakref::ref<Image> refer_there(const weakref::strong_ref<Image>& image, int* calls);
/// An object that make() did not make.
VISIBLE Image& stranger_there();

/// A class of the shared library's.
struct VISIBLE Base : weakref::object {
  Base();
  ~Base() override;
};
