#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <streambuf>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Image : weakref::object {
  explicit Image(int w = 0) : width(w) {}
  int width;
};

struct Counted : weakref::object {
  static inline int alive = 0;
  Counted() { ++alive; }
  Counted(const Counted& other) : weakref::object(other) { ++alive; }
  ~Counted() override { --alive; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(object)

BOOST_AUTO_TEST_CASE(make_gives_the_one_owner_of_a_new_object) {
  const auto image = make<Image>(3);
  static_assert(std::is_same_v<decltype(image), const strong_ref<Image>>);
  BOOST_TEST(image->width == 3);
  BOOST_TEST(getrefcount(image) == 1U);
}

BOOST_AUTO_TEST_CASE(a_class_that_is_no_object_is_boxed) {
  const auto numbers = make<std::optional<int>>(5);
  static_assert(std::is_same_v<decltype(numbers), const strong_ref<weakref::boxed<std::optional<int>>>>);
  const std::optional<int>& inner = *numbers;
  BOOST_TEST(*inner == 5);
  ref r{numbers};
  BOOST_TEST(r() == numbers);
}

BOOST_AUTO_TEST_CASE(a_final_class_and_an_aggregate_are_boxed_too) {
  struct Final final {
    int x;
  };
  struct Point {
    int x, y;
  };
  const auto last = make<Final>(7);
  const Final& inner = *last;
  BOOST_TEST(inner.x == 7);
  const auto point = make<Point>(1, 2);
  BOOST_TEST(point->y == 2);
}

BOOST_AUTO_TEST_CASE(the_object_dies_with_its_last_owner) {
  auto first = make<Counted>();
  auto second = first;
  first.reset();
  BOOST_TEST(Counted::alive == 1);
  second = None;
  BOOST_TEST(Counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_copy_is_a_new_object) {
  const auto image = make<Image>(3);
  const ref r{image};
  const auto copy = make<Image>(*image);
  BOOST_TEST(copy->width == 3);
  BOOST_TEST(getrefcount(copy) == 1U);
  BOOST_TEST(weakref::getweakrefcount(copy) == 0U);
}

BOOST_AUTO_TEST_CASE(assignment_keeps_identity_owners_and_references) {
  const auto a = make<Image>(1);
  const auto b = make<Image>(2);
  const ref r{a};
  *a = *b;
  BOOST_TEST(a->width == 2);
  BOOST_TEST(r() == a);
  BOOST_TEST(getrefcount(a) == 1U);
}

BOOST_AUTO_TEST_CASE(an_object_that_make_did_not_make_works_but_cannot_be_referred_to) {
  Image on_the_stack(1);
  BOOST_CHECK_THROW(ref{on_the_stack}, weakref::TypeError);
  BOOST_CHECK_THROW(strong_ref<Image>{&on_the_stack}, weakref::TypeError);
  BOOST_TEST(weakref::getweakrefcount(on_the_stack) == 0U);

  const auto in_a_unique_ptr = std::make_unique<Image>(2);
  BOOST_CHECK_THROW(ref{*in_a_unique_ptr}, weakref::TypeError);

  std::vector<Image> in_a_vector(3);
  BOOST_CHECK_THROW(ref{in_a_vector[1]}, weakref::TypeError);
}

BOOST_AUTO_TEST_CASE(a_member_of_a_made_object_cannot_be_referred_to) {
  struct Album : weakref::object {
    Image cover{4};
  };
  const auto album = make<Album>();
  BOOST_CHECK_THROW(ref{album->cover}, weakref::TypeError);
  BOOST_TEST((ref{*album}() == album));
}

BOOST_AUTO_TEST_CASE(the_place_of_an_unmade_object_can_be_taken_by_a_made_one) {
  for (int i = 0; i < 100; ++i) {
    {
      const auto unmade = std::make_unique<Image>(i);
    }
    const auto made = make<Image>(i);
    BOOST_TEST((ref{*made}() == made));
  }
}

BOOST_AUTO_TEST_CASE(this_can_be_referred_to_and_owned_in_the_constructor_and_after) {
  struct Node : weakref::object {
    std::optional<ref<Node>> self;
    std::size_t owners_seen = 0;
    Node() {
      self.emplace(*this);
      const strong_ref<Node> owner(this);
      owners_seen = getrefcount(owner);
    }
    strong_ref<Node> owned() { return strong_ref<Node>(this); }
  };
  const auto node = make<Node>();
  BOOST_TEST((*node->self)() == node);
  BOOST_TEST(node->owners_seen == 2U);
  BOOST_TEST(node->owned() == node);
  BOOST_TEST(getrefcount(node) == 1U);
}

BOOST_AUTO_TEST_CASE(no_reference_can_be_obtained_in_the_destructor) {
  struct Stubborn : weakref::object {
    bool* refused;
    explicit Stubborn(bool* r) : refused(r) {}
    ~Stubborn() override {
      int refusals = 0;
      try {
        ref r(*this);
      } catch (const weakref::TypeError&) {
        ++refusals;
      }
      try {
        strong_ref<Stubborn> s(this);
      } catch (const weakref::TypeError&) {
        ++refusals;
      }
      *refused = refusals == 2;
    }
  };
  bool refused = false;
  make<Stubborn>(&refused);
  BOOST_TEST(refused);
}

BOOST_AUTO_TEST_CASE(what_a_constructor_throws_leaves_nothing_behind_but_dead_references) {
  struct Failing : weakref::object {
    explicit Failing(ref<Failing>& out, int& calls) {
      out = ref<Failing>(*this, [&calls](const ref<Failing>& r) {
        BOOST_TEST(r.expired());
        ++calls;
      });
      throw std::runtime_error("no");
    }
    Counted member;
  };
  ref<Failing> reference;
  int calls = 0;
  BOOST_CHECK_THROW(make<Failing>(reference, calls), std::runtime_error);
  BOOST_TEST(reference.expired());
  BOOST_TEST(calls == 1);
  BOOST_TEST(Counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(over_aligned_objects_are_where_they_want_to_be) {
  struct alignas(256) Wide : weakref::object {
    char data[300];
  };
  auto wide = make<Wide>();
  BOOST_TEST(weakref::id(wide) % 256 == 0U);
  const ref r{wide};
  BOOST_TEST(r() == wide);
  wide.reset();
  BOOST_TEST(r.expired());
}

BOOST_AUTO_TEST_CASE(object_may_be_behind_a_base_without_virtual_functions) {
  struct Dict : std::vector<int>, weakref::object {};
  auto dict = make<Dict>();
  dict->push_back(3);
  const ref r{dict};
  BOOST_TEST(r()->front() == 3);
  const strong_ref<weakref::object> as_object = dict;
  BOOST_TEST(dynamic_pointer_cast<Dict>(as_object) == dict);
}

BOOST_AUTO_TEST_CASE(object_behind_a_base_with_virtual_functions_is_refused) {
  struct Buffer : std::streambuf, weakref::object {};
  BOOST_CHECK_THROW(make<Buffer>(), weakref::TypeError);
  struct Right : weakref::object, std::streambuf {};
  BOOST_CHECK_NO_THROW(make<Right>());
}

BOOST_AUTO_TEST_CASE(an_object_may_be_made_in_the_arguments_of_another) {
  struct Pair : weakref::object {
    Pair(strong_ref<Image> a, strong_ref<Image> b) : first(std::move(a)), second(std::move(b)) {
      self.emplace(*this);
    }
    strong_ref<Image> first, second;
    std::optional<ref<Pair>> self;
  };
  const auto pair = make<Pair>(make<Image>(1), make<Image>(2));
  BOOST_TEST(pair->second->width == 2);
  BOOST_TEST((*pair->self)() == pair);
}

BOOST_AUTO_TEST_CASE(a_box_is_allocated_as_an_object_whatever_operators_its_content_has) {
  static int used = 0;
  struct Pooled {
    explicit Pooled(int n) : number(n) {}
    static void* operator new(std::size_t size) {
      ++used;
      return ::operator new(size);
    }
    static void operator delete(void* self) {
      ++used;
      ::operator delete(self);
    }
    int number;
  };
  auto pooled = make<Pooled>(7);
  const ref r{pooled};
  BOOST_TEST(pooled->number == 7);
  pooled.reset();
  BOOST_TEST(r.expired());
  BOOST_TEST(used == 0);
}

BOOST_AUTO_TEST_SUITE_END()
