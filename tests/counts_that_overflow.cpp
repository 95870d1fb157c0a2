#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <new>
#include <string_view>
#include <thread>

import weakref;

// Programs that count further than there is room: `counts-that-overflow NAME [threads]`. What they print is
// checked by counts_test.cpp.

namespace {

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

struct Image : weakref::object {};

/// Counts as if so many had been made, which would take seconds: owners stand in the lowest 30 bits of the
/// word in front of the object, references above them.
void count(const strong_ref<Image>& image, std::uint64_t owners, std::uint64_t references) {
  auto* const front = reinterpret_cast<std::byte*>(image.get()) - 16;
  *std::launder(reinterpret_cast<std::uint64_t*>(front)) += owners + (references << 30);
}

constexpr std::uint64_t half_the_owners = std::uint64_t{1} << 29;
constexpr std::uint64_t half_the_references = std::uint64_t{1} << 31;

/// A share that nobody drops.
template <class Handle>
void leak(const Handle& handle) {
  alignas(Handle) std::byte place[sizeof(Handle)];
  ::new (place) Handle(handle);
}

void owners_by_copies() {
  const auto image = make<Image>();
  count(image, half_the_owners - 3, 0);
  leak(image);
  leak(image);
  std::puts("not yet");
  std::fflush(stdout);
  for (int i = 0; i < 3; ++i) leak(image);
}

void owners_by_calls() {
  const auto image = make<Image>();
  const ref r{image};
  count(image, half_the_owners - 4, 0);
  leak(r());
  std::puts("not yet");
  std::fflush(stdout);
  for (int i = 0; i < 3; ++i) leak(r());
}

void references() {
  const auto image = make<Image>();
  const ref r{image};
  count(image, 0, half_the_references - 4);
  leak(r);
  leak(r);
  std::puts("not yet");
  std::fflush(stdout);
  for (int i = 0; i < 3; ++i) leak(r);
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 2) std::thread([] {}).join();
  const std::string_view name = arguments[1];
  if (name == "owners_by_copies") owners_by_copies();
  if (name == "owners_by_calls") owners_by_calls();
  if (name == "references") references();
  std::puts("no end");
}
