#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// The keys of a WeakValueDictionary: what may be one, and how a KeyError names it.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::strong_ref;

struct Image : weakref::object {
  explicit Image(int w = 0) : width(w) {}
  int width;
};

using Images = weakref::WeakValueDictionary<std::string, Image>;

struct Fixture {
  strong_ref<Image> a = make<Image>(1);
  strong_ref<Image> b = make<Image>(2);
  strong_ref<Image> c = make<Image>(3);
  Images images{{"a", a}, {"b", b}};
};

/// The text of the KeyError that f throws.
template <class F>
std::string key_error_of(F f) {
  try {
    f();
  } catch (const KeyError& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weak_value_dictionary_keys, Fixture)

// ---- what may be a key

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

BOOST_AUTO_TEST_CASE(look_ups_are_heterogeneous_with_a_transparent_hash_and_equality) {
  weakref::WeakValueDictionary<std::string, Image, TextHash, std::equal_to<>> transparent{{"a", a}, {"b", b}};
  constexpr std::string_view key = "a";
  BOOST_TEST(transparent.at(key) == a);
  BOOST_TEST(transparent[key] == a);
  BOOST_TEST(transparent.get(key, c) == a);
  BOOST_TEST(transparent.contains(key));
  BOOST_TEST(transparent.pop(key) == a);
  BOOST_TEST(transparent.pop(key, c) == c);
  BOOST_TEST(transparent.erase(key) == 0U);
  BOOST_TEST(key_error_of([&] { transparent.del(key); }) == "'a'");
  transparent.del(std::string_view("b"));
  BOOST_TEST(transparent.empty());
}

template <class D, class L>
concept looks_up = requires(const D& d, L key) { d.at(key); };

BOOST_AUTO_TEST_CASE(look_ups_of_other_types_need_a_conversion_otherwise) {
  static_assert(looks_up<Images, const char*>);
  static_assert(!looks_up<Images, std::string_view>);
  static_assert(!looks_up<Images, Image>);
  BOOST_TEST(images.contains("a"));
}

enum class Size { small, large };

BOOST_AUTO_TEST_CASE(keys_are_what_the_standard_library_hashes) {
  weakref::WeakValueDictionary<Size, Image> by_size{{Size::large, a}};
  BOOST_TEST(by_size.at(Size::large) == a);
  weakref::WeakValueDictionary<const Image*, Image> by_address{{a.get(), a}};
  BOOST_TEST(by_address.at(a.get()) == a);
  weakref::WeakValueDictionary<strong_ref<Image>, Image> by_image{{a, b}};
  BOOST_TEST(by_image.at(a) == b);
}

BOOST_AUTO_TEST_CASE(a_key_that_owns_its_value_keeps_it) {
  weakref::WeakValueDictionary<strong_ref<Image>, Image> own;
  own.set(c, c);
  const weakref::ref watch(c);
  c.reset();
  BOOST_TEST(own.size() == 1U);
  own.clear();
  BOOST_TEST(watch.expired());
}

struct Modulo {
  int m;
  friend bool operator==(const Modulo& p, const Modulo& q) { return p.m % 10 == q.m % 10; }
};
struct ModuloHash {
  std::size_t operator()(const Modulo& x) const { return static_cast<std::size_t>(x.m % 10); }
};

BOOST_AUTO_TEST_CASE(equal_keys_are_one_key) {
  weakref::WeakValueDictionary<Modulo, Image, ModuloHash> modulo{{Modulo{1}, a}, {Modulo{11}, b}};
  BOOST_TEST(modulo.size() == 1U);
  BOOST_TEST(modulo.at(Modulo{21}) == b);
}

struct SameHash {
  std::size_t operator()(int) const { return 4; }
};

BOOST_AUTO_TEST_CASE(keys_of_one_hash_are_kept_apart) {
  std::vector<strong_ref<Image>> owners;
  weakref::WeakValueDictionary<int, Image, SameHash> crowded;
  for (int i = 0; i < 100; ++i) {
    owners.push_back(make<Image>(i));
    crowded.set(i, owners.back());
  }
  for (int i = 0; i < 100; ++i) BOOST_TEST(crowded.at(i)->width == i);
  owners.erase(owners.begin() + 10, owners.end());
  BOOST_TEST(crowded.size() == 10U);
  BOOST_TEST(crowded.at(9) == owners[9]);
}

// ---- errors

BOOST_AUTO_TEST_CASE(a_key_error_says_the_repr_of_the_key) {
  const auto missing = [this](std::string key) { return key_error_of([&] { (void)images.at(key); }); };
  BOOST_TEST(missing("x") == "'x'");
  BOOST_TEST(missing("") == "''");
  BOOST_TEST(missing("it's") == "\"it's\"");
  BOOST_TEST(missing("say \"hi\"") == "'say \"hi\"'");
  BOOST_TEST(missing("it's \"hi\"") == "'it\\'s \"hi\"'");
  BOOST_TEST(missing("a\nb\r\t\\") == "'a\\nb\\r\\t\\\\'");
  BOOST_TEST(missing("\xC3\xA9") == "'\xC3\xA9'");
}

BOOST_AUTO_TEST_CASE(a_key_error_escapes_control_characters) {
  BOOST_TEST(key_error_of([&] { (void)images.at("\x01\x1b\x7f"); }) == "'\\x01\\x1b\\x7f'");
}

BOOST_AUTO_TEST_CASE(every_operation_throws_the_same_key_error) {
  BOOST_TEST(key_error_of([&] { images["x"]->width = 1; }) == "'x'");
  BOOST_TEST(key_error_of([&] { images.del("x"); }) == "'x'");
  BOOST_TEST(key_error_of([&] { (void)images.pop("x"); }) == "'x'");
  BOOST_TEST(key_error_of([&] { (void)std::as_const(images)["x"]; }) == "'x'");
}

BOOST_AUTO_TEST_CASE(a_key_error_for_a_number_is_the_number) {
  BOOST_TEST(key_error_of([] { (void)weakref::WeakValueDictionary<int, Image>().at(-5); }) == "-5");
  weakref::WeakValueDictionary<bool, Image> flags;
  BOOST_TEST(key_error_of([&] { flags.del(true); }) == "True");
}

BOOST_AUTO_TEST_CASE(a_key_error_for_a_floating_point_number_is_the_shortest_text_that_reads_back) {
  const weakref::WeakValueDictionary<double, Image> scales;
  const auto missing = [&](double key) { return key_error_of([&] { (void)scales.at(key); }); };
  BOOST_TEST(missing(1.5) == "1.5");
  BOOST_TEST(missing(1.0) == "1.0");
  BOOST_TEST(missing(0.1) == "0.1");
  BOOST_TEST(missing(123456789.123) == "123456789.123");
  BOOST_TEST(missing(1e16) == "1e+16");
  BOOST_TEST(missing(1e-5) == "1e-05");
}

BOOST_AUTO_TEST_CASE(popitem_of_an_empty_dictionary_says_so) {
  // What str() of CPython's exception gives: the argument's repr.
  BOOST_TEST(key_error_of([] { (void)Images().popitem(); }) == "'popitem(): dictionary is empty'");
}

/// A key whose copies and moves call what a test sets.
struct Eventful {
  static inline std::function<void()> event;

  explicit Eventful(int n) : number(n) {}
  Eventful(const Eventful& other) : number(other.number) { happen(); }
  Eventful(Eventful&& other) : number(other.number) { happen(); }  // NOLINT: as a copy
  Eventful& operator=(const Eventful&) = default;
  ~Eventful() = default;
  bool operator==(const Eventful&) const = default;
  struct Hash {
    std::size_t operator()(const Eventful& x) const { return static_cast<std::size_t>(x.number); }
  };

  static void happen() {
    if (event) std::exchange(event, nullptr)();
  }

  int number;
};

BOOST_AUTO_TEST_CASE(setdefault_gives_what_was_set_while_its_key_was_moved) {
  weakref::WeakValueDictionary<Eventful, Image, Eventful::Hash> d;
  Eventful key(1);
  bool set_meanwhile = false;
  Eventful::event = [&] {
    d.set(Eventful(1), a);
    set_meanwhile = true;
  };
  BOOST_TEST((d.setdefault(key, b) == a));
  BOOST_TEST(set_meanwhile);
  BOOST_TEST((d.at(key) == a));
  BOOST_TEST(d.size() == 1U);
}

// The copy of the key is made within the assignment, where the table is held.
BOOST_AUTO_TEST_CASE(a_key_that_destroys_the_dictionary_while_it_is_copied_for_an_assignment_is_borne) {
  using Dictionary = weakref::WeakValueDictionary<Eventful, Image, Eventful::Hash>;
  auto d = std::make_unique<Dictionary>();
  const Eventful key(1);
  Eventful::event = [&] { d.reset(); };
  (*d)[key] = a;
  BOOST_TEST((d == nullptr));
  BOOST_TEST(weakref::getweakrefcount(a) == 1U, "those of the fixture's dictionary are left");
}

BOOST_AUTO_TEST_SUITE_END()
