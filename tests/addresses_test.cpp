#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// No address is known for longer than its object lives.

using weakref::getweakrefcount;
using weakref::make;
using weakref::ref;
using weakref::ReferenceType;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {};

}  // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(storage_used_again_without_a_destructor_does_not_make_objects_strangers) {
  // Objects that make() did not make, in storage that is freed under them: legal, their destructors do
  // nothing that matters.
  for (int round = 0; round < 64; ++round) {
    auto* const storage = ::operator new(sizeof(Image) + 16);
    ::new (static_cast<std::byte*>(storage) + 16) Image;
    ::operator delete(storage, sizeof(Image) + 16);
    const auto image = make<Image>();
    const ref r{*image};
    BOOST_TEST((r() == image));
  }
}

BOOST_AUTO_TEST_CASE(a_reference_placed_where_an_object_was_made_is_not_taken_for_one) {
  struct Tagged : ReferenceType<Image> {
    explicit Tagged(const strong_ref<Image>& ob) : ReferenceType(ob) {}
  };
  struct Frame {
    std::byte front[64];
    alignas(16) std::byte body[sizeof(Tagged)];
  };
  const auto image = make<Image>();
  const auto frame = std::make_unique<Frame>();
  BOOST_CHECK_THROW(::new (frame->body) Tagged(image), weakref::TypeError);

  auto tagged = make<Tagged>(image);
  Tagged* const place = tagged.get();
  tagged.reset();
  // The cell is free, and kept by the thread: what is placed there is no object that make() made.
  void* const cell = ::operator new(sizeof(Tagged) + 16);
  std::vector<std::byte> before(static_cast<std::byte*>(cell), static_cast<std::byte*>(cell) + 16);
  BOOST_CHECK_THROW(::new (static_cast<std::byte*>(cell) + 16) Tagged(image), weakref::TypeError);
  std::vector<std::byte> after(static_cast<std::byte*>(cell), static_cast<std::byte*>(cell) + 16);
  BOOST_TEST((before == after));
  ::operator delete(cell, sizeof(Tagged) + 16);
  BOOST_TEST(place != nullptr);
  BOOST_TEST(getweakrefcount(image) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
