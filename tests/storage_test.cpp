#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "child_program.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER 1
#endif
#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#endif
#if defined(ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#endif

import weakref;

using weakref::make;
using weakref::pinned_bytes;
using weakref::ref;
using weakref::strong_ref;

// Where objects lie: of any size and alignment, alive and outlived by references, in threads that begin and
// end.

namespace {

using Lines = std::vector<std::string>;

const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

constexpr std::byte pattern{0x5A};

/// An object of exactly that size.
template <std::size_t size, std::size_t alignment = alignof(void*)>
struct alignas(alignment) Sized : weakref::object {
  Sized() { bytes.fill(pattern); }
  [[nodiscard]] bool is_whole() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte each) { return each == pattern; });
  }
  std::array<std::byte, size - sizeof(weakref::object)> bytes;
};

using Large = Sized<20'000>;

template <std::size_t size, std::size_t alignment = alignof(void*)>
void check_outlived() {
  using Object = Sized<size, alignment>;
  static_assert(sizeof(Object) == size);
  BOOST_TEST_CONTEXT(size << " bytes, aligned to " << alignment) {
    const std::size_t whole = std::max(alignment, std::size_t{16}) + size;
    const std::size_t before = pinned_bytes();
    // Neighbours, so that what is given back of one is not part of another.
    std::array<strong_ref<Object>, 6> objects;
    for (auto& object : objects) object = make<Object>();
    std::array<ref<Object>, 3> references;
    for (std::size_t i = 0; i < references.size(); ++i) {
      BOOST_TEST(reinterpret_cast<std::uintptr_t>(objects[2 * i].get()) % alignment == 0U);
      references[i] = objects[2 * i];
      const std::size_t pinned = pinned_bytes();
      objects[2 * i].reset();
      BOOST_TEST(references[i].expired());
      const std::size_t kept = pinned_bytes() - pinned;
      if (size <= 4096 && alignment <= page) {
        BOOST_TEST(kept == whole);
      } else {
        // A page that is whole but for block or remains, and one at either end.
        BOOST_TEST(kept <= std::min(whole, 4 * page));
        BOOST_TEST(kept >= 32U);
        BOOST_TEST((whole - kept) % page == 0U);
      }
    }
    for (std::size_t i = 1; i < objects.size(); i += 2) BOOST_TEST(objects[i]->is_whole());
    for (auto& reference : references) {
      auto copy = reference;
      reference.reset();
      BOOST_TEST(copy.expired());
    }
    BOOST_TEST(pinned_bytes() == before);
    for (auto& object : objects) object = make<Object>();
    for (const auto& object : objects) BOOST_TEST(object->is_whole());
  }
}

std::size_t mappings() {
  std::ifstream maps("/proc/self/maps");
  return static_cast<std::size_t>(
      std::count(std::istreambuf_iterator<char>(maps), std::istreambuf_iterator<char>(), '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(storage)

BOOST_AUTO_TEST_CASE(outlived_objects_of_every_size_keep_what_is_not_given_back) {
  check_outlived<16>();
  check_outlived<240>();
  check_outlived<248>();
  check_outlived<256>();
  check_outlived<264>();
  check_outlived<272>();
  check_outlived<280>();
  check_outlived<4072>();
  check_outlived<4080>();
  check_outlived<4088>();
  check_outlived<4096>();
  check_outlived<4104>();
  check_outlived<8176>();
  check_outlived<8184>();
  check_outlived<8192>();
  check_outlived<8200>();
  check_outlived<65'536 - 8>();
  check_outlived<65'536>();
  check_outlived<(1 << 20) + 8>();
}

BOOST_AUTO_TEST_CASE(so_do_those_of_every_alignment) {
  check_outlived<32, 32>();
  check_outlived<64, 64>();
  check_outlived<4096, 64>();
  check_outlived<4096 + 64, 64>();
  check_outlived<65'536, 64>();
  check_outlived<4096, 4096>();
  check_outlived<8192, 4096>();
  check_outlived<65'536, 4096>();
  check_outlived<8192, 8192>();
  check_outlived<65'536, 65'536>();
  check_outlived<2 << 20, 2 << 20>();
}

BOOST_AUTO_TEST_CASE(large_objects_have_no_mappings_of_their_own) {
  std::vector<strong_ref<Large>> living;
  std::vector<ref<Large>> dead;
  living.reserve(2'000);
  dead.reserve(2'000);
  const std::size_t before = mappings();
  for (int i = 0; i < 2'000; ++i) {
    living.push_back(make<Large>());
    dead.emplace_back(make<Large>());
  }
  BOOST_TEST(mappings() < before + 200U);
  for (std::size_t i = 0; i < living.size(); i += 2) living[i].reset();
  BOOST_TEST(mappings() < before + 200U);
}

BOOST_AUTO_TEST_CASE(what_a_thread_pinned_stays_counted_after_its_end) {
  using Small = Sized<64>;
  const std::size_t before = pinned_bytes();
  ref<Small> small;
  ref<Large> large;
  std::thread([&] {
    small = ref{make<Small>()};
    large = ref{make<Large>()};
  }).join();
  BOOST_TEST(pinned_bytes() - before > sizeof(Small) + 16);
  large.reset();
  BOOST_TEST(pinned_bytes() - before == sizeof(Small) + 16);
  // Freed in another thread, which makes nothing itself, and in one that does.
  std::thread([&] { small.reset(); }).join();
  BOOST_TEST(pinned_bytes() == before);
  small = ref{make<Small>()};
  std::thread([&] {
    auto mine = make<Small>();
    small.reset();
  }).join();
  BOOST_TEST(pinned_bytes() == before);
}

BOOST_AUTO_TEST_CASE(pinned_bytes_are_never_below_zero) {
  using Small = Sized<64>;
  const std::size_t before = pinned_bytes();
  std::atomic<ref<Small>*> passed{nullptr};
  std::atomic<bool> done{false};
  std::thread pins([&] {
    while (!done) {
      auto* const made = new ref{make<Small>()};
      delete passed.exchange(made);
    }
  });
  std::thread frees([&] {
    (void)make<Small>();  // has a count of its own
    while (!done) delete passed.exchange(nullptr);
  });
  bool wrapped = false;
  for (int i = 0; i < 20'000; ++i) wrapped = wrapped || pinned_bytes() > before + 100 * sizeof(Small);
  done = true;
  pins.join();
  frees.join();
  delete passed.load();
  BOOST_TEST(!wrapped);
  BOOST_TEST(pinned_bytes() == before);
}

BOOST_AUTO_TEST_CASE(objects_of_many_threads_outlive_them) {
  using Small = Sized<64>;
  const std::size_t before = pinned_bytes();
  std::vector<strong_ref<Small>> owners;
  std::vector<ref<Small>> references;
  for (int i = 0; i < 10'000; ++i) {
    std::thread([&] {
      owners.push_back(make<Small>());
      references.emplace_back(owners.back());
      references.emplace_back(make<Small>());
    }).join();
  }
  BOOST_TEST(pinned_bytes() - before == 10'000 * (sizeof(Small) + 16));
  for (const auto& owner : owners) BOOST_REQUIRE(owner->is_whole());
  std::thread([&] { owners.clear(); }).join();
  BOOST_TEST(pinned_bytes() - before == 20'000 * (sizeof(Small) + 16));
  std::thread([&] { references.clear(); }).join();
  BOOST_TEST(pinned_bytes() == before);
}

BOOST_AUTO_TEST_CASE(static_and_thread_local_objects_may_make_and_drop_others_as_they_end) {
  BOOST_TEST(run_program(STORAGE_PROGRAMS " ends") == Lines{"0"});
}

#if !defined(THREAD_SANITIZER)  // of which operator new cannot be replaced

BOOST_AUTO_TEST_CASE(an_operator_new_of_the_program_gets_back_what_it_gave) {
  BOOST_TEST(run_program(STORAGE_PROGRAMS " guarded") == Lines{"0 broken"});
}

BOOST_AUTO_TEST_CASE(an_object_that_make_did_not_make_is_refused_though_memory_did_not_suffice_to_note_it) {
  BOOST_TEST(run_program(STORAGE_PROGRAMS " unrecorded") == Lines{"refused"});
}

#endif
#if defined(ADDRESS_SANITIZER)

BOOST_AUTO_TEST_CASE(address_sanitizer_sees_the_end_of_a_large_object_and_its_death) {
  auto owner = make<Large>();
  const auto* const body = reinterpret_cast<const std::byte*>(owner.get());
  BOOST_TEST(__asan_region_is_poisoned(const_cast<std::byte*>(body), sizeof(Large)) == nullptr);
  BOOST_TEST(__asan_address_is_poisoned(body + sizeof(Large)));
  auto reference = ref{owner};
  owner.reset();
  BOOST_TEST(__asan_address_is_poisoned(body + 16));
  BOOST_TEST(__asan_address_is_poisoned(body + sizeof(Large) - 1));
  reference.reset();
  BOOST_TEST(__asan_address_is_poisoned(body));
}

#endif

BOOST_AUTO_TEST_SUITE_END()
