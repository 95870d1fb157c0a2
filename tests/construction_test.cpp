#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>  // of getweakrefs(), which GCC 15 cannot instantiate out of sight
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// What is being constructed cannot be reached, and what throws meanwhile leaves nothing.

using weakref::getweakrefcount;
using weakref::getweakrefs;
using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::ReferenceType;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {};

/// A key that does something whenever it is moved or copied.
struct Key {
  using Event = std::function<void()>;

  Key(int n, const Event* e) : number(n), event(e) {}
  Key(const Key& other) : number(other.number), event(other.event) { happen(); }
  Key(Key&& other) : number(other.number), event(other.event) { happen(); }  // NOLINT: it may throw
  Key& operator=(const Key&) = default;
  ~Key() = default;
  bool operator==(const Key& other) const { return number == other.number; }

  void happen() const {
    if (event != nullptr && *event) (*event)();
  }

  int number;
  const Event* event;
};

}  // namespace

template <>
struct std::hash<Key> {
  std::size_t operator()(const Key& x) const { return static_cast<std::size_t>(x.number); }
};

BOOST_AUTO_TEST_SUITE(construction)

BOOST_AUTO_TEST_CASE(a_reference_is_not_among_those_of_its_referent_while_it_is_constructed) {
  static std::size_t listed = 99;
  struct Reference : ReferenceType<Image> {
    explicit Reference(const strong_ref<Image>& ob) : ReferenceType(ob) {
      BOOST_TEST(((*this)() == ob), "but it knows its referent already");
      listed = getweakrefs(ob).size();
    }
  };
  const auto image = make<Image>();
  const ref held{image};
  const auto reference = make<Reference>(image);
  BOOST_TEST(listed == 1U, "that is the shared one");
  BOOST_TEST(getweakrefcount(image) == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_that_asks_for_the_references_of_its_value_finds_no_half_made_entry) {
  const auto image = make<Image>();
  std::vector<std::size_t> counts;
  const Key::Event ask = [&] { counts.push_back(getweakrefs(image).size()); };
  weakref::WeakValueDictionary<Key, Image> d;
  d.set(Key(1, &ask), image);
  BOOST_TEST(!counts.empty());
  for (const std::size_t count : counts) BOOST_TEST(count == 0U);
  BOOST_TEST(getweakrefs(image).size() == 1U);
}

// Once a share in a half-made entry was taken, which ended the program.
BOOST_AUTO_TEST_CASE(a_key_that_throws_when_it_is_moved_leaves_the_dictionary_as_it_was) {
  auto image = make<Image>();
  std::vector<weakref::ref<Image>> taken;
  int moves = 0;
  int last = 0;
  const Key::Event fail = [&] {
    for (const auto& reference : getweakrefs(image)) taken.push_back(std::get<0>(reference));
    if (++moves == last) throw std::runtime_error("no more");
  };
  weakref::WeakValueDictionary<Key, Image> d;
  for (last = 1;; ++last) {
    moves = 0;
    try {
      d.set(Key(1, &fail), image);
      break;
    } catch (const std::runtime_error&) {
      BOOST_TEST(d.empty());
      BOOST_TEST(getweakrefcount(image) == 0U);
    }
  }
  BOOST_TEST(last > 1);
  BOOST_TEST(d.size() == 1U);
  taken.clear();
  image.reset();
  BOOST_TEST(d.empty());
}

// Once the death took it for a member, whose share it drops.
BOOST_AUTO_TEST_CASE(an_entry_that_is_not_put_in_is_no_entry) {
  static bool refuses = false;
  static strong_ref<Image> image;
  static std::vector<weakref::ref<Image>> taken;
  struct Refusing {
    int number;
    bool operator==(const Refusing& other) const {
      if (image != None) {
        for (const auto& reference : getweakrefs(image)) taken.push_back(std::get<0>(reference));
      }
      if (refuses) throw std::runtime_error("no comparison");
      return number == other.number;
    }
  };
  struct Hash {
    std::size_t operator()(const Refusing&) const { return 0; }
  };
  image = make<Image>();
  const auto other = make<Image>();
  {
    weakref::WeakValueDictionary<Refusing, Image, Hash> d;
    d.set({1}, other);
    refuses = true;
    BOOST_CHECK_THROW(d.set({2}, image), std::runtime_error);
    refuses = false;
    BOOST_TEST(getweakrefcount(image) == 0U);
  }
  image.reset();
  taken.clear();
  BOOST_TEST(getweakrefcount(other) == 0U);
}

BOOST_AUTO_TEST_CASE(a_reference_whose_referent_dies_in_its_constructor_is_dead_and_called_at_its_end) {
  static bool called = false;
  struct Reference : ReferenceType<Image> {
    Reference(strong_ref<Image>& ob, weakref::callback_of<Image> callback) : ReferenceType(ob, callback) {
      ob.reset();
      BOOST_TEST(((*this)() == None));
      BOOST_TEST(!called);
    }
  };
  auto image = make<Image>();
  std::optional<ref<Image>> argument;
  const auto reference = make<Reference>(image, [&](const ref<Image>& dead) {
    called = true;
    argument = dead;
  });
  BOOST_TEST(called);
  BOOST_TEST(is(*argument, ref<Image>(reference)));
  BOOST_TEST(reference->expired());
  BOOST_TEST(!reference->has_callback());
}

BOOST_AUTO_TEST_CASE(a_constructor_that_throws_when_its_referent_has_died_leaves_nothing) {
  struct Reference : ReferenceType<Image> {
    Reference(strong_ref<Image>& ob, weakref::callback_of<Image> callback) : ReferenceType(ob, callback) {
      std::thread([&ob] { ob.reset(); }).join();
      throw std::runtime_error("too late");
    }
  };
  auto image = make<Image>();
  const ref watch{image};
  bool called = false;
  BOOST_CHECK_THROW(make<Reference>(image, [&](const ref<Image>&) { called = true; }), std::runtime_error);
  BOOST_TEST(watch.expired());
  BOOST_TEST(!called, "a reference that never was is not called");
}

// Copying a callback is the user's code, too.

struct Dropping {
  strong_ref<Image>* variable;
  strong_ref<Image> instead;
  explicit Dropping(strong_ref<Image>* v, strong_ref<Image> i = None) : variable(v), instead(std::move(i)) {}
  Dropping(const Dropping& other) : variable(other.variable), instead(other.instead) { *variable = instead; }
  Dropping& operator=(const Dropping&) = delete;
  ~Dropping() = default;
  template <class Dead>
  void operator()(const Dead&) const {}
  void operator()() const {}
};

BOOST_AUTO_TEST_CASE(a_callback_whose_copy_drops_the_referent_finds_none) {
  auto image = make<Image>();
  const Dropping callback(&image);
  BOOST_CHECK_THROW((ref<Image>(image, callback)), weakref::TypeError);
  image = make<Image>();
  BOOST_CHECK_THROW((void)weakref::proxy(image, callback), weakref::TypeError);
  image = make<Image>();
  BOOST_CHECK_THROW((weakref::finalize{image, callback}), weakref::TypeError);
  BOOST_TEST((image == None));
}

BOOST_AUTO_TEST_CASE(a_callback_whose_copy_assigns_the_variable_belongs_to_what_is_there_then) {
  auto image = make<Image>();
  const auto other = make<Image>();
  const Dropping callback(&image, other);
  const ref r{image, callback};
  BOOST_TEST((r() == other));
  image = make<Image>();
  const auto p = weakref::proxy(image, callback);
  BOOST_TEST((p.operator->() == other));
  image = make<Image>();
  const weakref::finalize f{image, callback};
  BOOST_TEST((f.detach()->obj == other));
}

BOOST_AUTO_TEST_CASE(a_reference_in_the_constructor_of_the_object_itself_is_allowed) {
  static std::optional<ref<weakref::object>> early;
  struct Self : weakref::object {
    explicit Self(bool fails) {
      early.emplace(*this);
      BOOST_TEST(!early->expired());
      if (fails) throw std::runtime_error("failed");
    }
  };
  const auto made = make<Self>(false);
  BOOST_TEST((*early)().get() == made.get());
  BOOST_CHECK_THROW(make<Self>(true), std::runtime_error);
  BOOST_TEST(early->expired());
}

// Entries come and go in one thread while another lists the references of their value.
BOOST_AUTO_TEST_CASE(the_references_of_a_value_can_be_listed_while_entries_come_and_go) {
  const auto image = make<Image>();
  weakref::WeakValueDictionary<int, Image> d;
  std::atomic<bool> over{false};
  std::thread lister([&] {
    while (!over) {
      for (const auto& reference : getweakrefs(image)) {
        (void)std::get<0>(reference).has_callback();
      }
      (void)getweakrefcount(image);
    }
  });
  for (int i = 0; i < 5'000; ++i) {
    d.set(i, image);
    d.erase(i);
    (void)make<weakref::KeyedRef<Image, std::string>>(image, None, "key");
    const ref called{image, [](const ref<Image>&) {}};
    const weakref::finalize f{image, [] {}};
    f.detach();
  }
  over = true;
  lister.join();
  BOOST_TEST(getweakrefcount(image) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
