#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

using Calls = std::vector<std::string>;

struct Speaking : weakref::object {
  Speaking(Calls& c, std::string n) : calls(&c), name(std::move(n)) {}
  ~Speaking() override { calls->push_back("~" + name); }
  void del() override { calls->push_back("del " + name); }
  Calls* calls;
  std::string name;
  strong_ref<Speaking> child;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(death)

BOOST_AUTO_TEST_CASE(del_then_callbacks_then_destructor_then_members) {
  Calls calls;
  const auto note = [&](const char* text) { return [&calls, text](const auto&) { calls.push_back(text); }; };
  auto parent = make<Speaking>(calls, "parent");
  parent->child = make<Speaking>(calls, "child");
  const ref watch_parent{parent, note("callback parent")};
  const ref watch_child{parent->child, note("callback child")};
  parent.reset();
  BOOST_TEST(calls ==
             (Calls{"del parent", "callback parent", "~parent", "del child", "callback child", "~child"}));
}

BOOST_AUTO_TEST_CASE(in_del_every_reference_is_alive_and_new_ones_can_be_made) {
  struct Last : weakref::object {
    std::optional<ref<Last>>* made;
    int* called;
    const ref<Last>* before = nullptr;
    Last(std::optional<ref<Last>>* m, int* c) : made(m), called(c) {}
    void del() override {
      BOOST_TEST((*before)()->made == made);
      made->emplace(*this, [c = called](const ref<Last>&) { ++*c; });
      BOOST_TEST(!(*made)->expired());
    }
  };
  std::optional<ref<Last>> made;
  int called = 0;
  auto last = make<Last>(&made, &called);
  const ref before{last};
  last->before = &before;
  last.reset();
  BOOST_TEST(made->expired());
  BOOST_TEST(called == 1);
}

BOOST_AUTO_TEST_CASE(del_may_resurrect_and_then_everything_stays_valid_and_nothing_was_called) {
  struct Phoenix : weakref::object {
    strong_ref<Phoenix>* nest;
    int* runs;
    Phoenix(strong_ref<Phoenix>* n, int* r) : nest(n), runs(r) {}
    void del() override {
      ++*runs;
      *nest = strong_ref<Phoenix>(this);
    }
  };
  strong_ref<Phoenix> nest;
  int runs = 0;
  int callbacks = 0;
  auto phoenix = make<Phoenix>(&nest, &runs);
  const ref plain{phoenix};
  const ref watch{phoenix, [&](const ref<Phoenix>&) { ++callbacks; }};
  phoenix.reset();
  BOOST_TEST(runs == 1);
  BOOST_TEST(callbacks == 0);
  BOOST_TEST((plain() == nest));
  BOOST_TEST(watch.has_callback());
  nest.reset();
  BOOST_TEST(runs == 1, "del() runs once");
  BOOST_TEST(callbacks == 1);
  BOOST_TEST(plain.expired());
}

BOOST_AUTO_TEST_CASE(what_del_throws_goes_to_the_hook) {
  struct Bad : weakref::object {
    void del() override { throw std::runtime_error("in del"); }
  };
  std::string report;
  const auto before = weakref::set_unraisablehook([&](std::exception_ptr exception) {
    try {
      std::rethrow_exception(std::move(exception));
    } catch (const std::exception& e) {
      report = e.what();
    }
  });
  make<Bad>();
  weakref::set_unraisablehook(before);
  BOOST_TEST(report == "in del");
}

BOOST_AUTO_TEST_CASE(del_of_a_base_runs_for_what_derives_from_it) {
  struct Base : weakref::object {
    explicit Base(int* r) : runs(r) {}
    int* runs;

   protected:
    void del() override { ++*runs; }
  };
  struct Derived : Base {
    using Base::Base;
  };
  int runs = 0;
  make<Derived>(&runs);
  BOOST_TEST(runs == 1);
}

BOOST_AUTO_TEST_CASE(a_reference_that_owns_its_referent_dies_silently) {
  struct Image : weakref::object {};
  struct Owning : weakref::ReferenceType<Image> {
    Owning(const strong_ref<Image>& ob, weakref::callback_of<Image> cb)
        : ReferenceType(ob, std::move(cb)),
          owned(ob) {}
    strong_ref<Image> owned;
  };
  int calls = 0;
  auto image = make<Image>();
  auto owning = make<Owning>(image, [&](const ref<Image>&) { ++calls; });
  auto second = make<Owning>(image, [&](const ref<Image>&) { ++calls; });
  const ref watch{image};
  image.reset();
  BOOST_TEST(!watch.expired());
  second.reset();
  owning.reset();
  BOOST_TEST(watch.expired());
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(a_chain_of_ten_million_dies_on_an_ordinary_stack) {
  struct Node : weakref::object {
    strong_ref<Node> next;
  };
  strong_ref<Node> head;
  ref<Node> last;
  for (int i = 0; i < 10'000'000; ++i) {
    auto node = make<Node>();
    if (head == None) last = node;
    node->next = std::move(head);
    head = std::move(node);
  }
  BOOST_TEST(!last.expired());
  head.reset();
  BOOST_TEST(last.expired());
}

BOOST_AUTO_TEST_CASE(a_chain_of_ten_million_whose_del_drops_the_next_dies_on_an_ordinary_stack) {
  static int finalized = 0;
  struct Node : weakref::object {
    strong_ref<Node> next;
    void del() override {
      ++finalized;
      next.reset();
    }
  };
  constexpr int length = 10'000'000;
  strong_ref<Node> head;
  for (int i = 0; i < length; ++i) {
    auto node = make<Node>();
    node->next = std::move(head);
    head = std::move(node);
  }
  head.reset();
  BOOST_TEST(finalized == length);
}

BOOST_AUTO_TEST_CASE(a_del_that_waits_finds_its_object_whole_and_may_resurrect_it) {
  static std::vector<int> finalized;
  static strong_ref<weakref::object> resurrected;
  static int leaves = 0;
  struct Leaf : weakref::object {
    void del() override { ++leaves; }
  };
  struct Node : weakref::object {
    Node(int n, strong_ref<Node> next_one) : number(n), next(std::move(next_one)), leaf(make<Leaf>()) {}
    void del() override {
      finalized.push_back(number);
      BOOST_TEST(!ref<Node>(*this).expired());
      if (number == 500) resurrected = strong_ref<weakref::object>(this);
      next.reset();
    }
    int number;
    strong_ref<Node> next;
    strong_ref<Leaf> leaf;  // dies in the destructor
  };
  constexpr int length = 1'000;
  strong_ref<Node> head;
  std::vector<ref<Node>> references;
  for (int i = length; i > 0; --i) {
    head = make<Node>(i, std::move(head));
    references.emplace_back(head);
  }
  head.reset();
  BOOST_TEST(finalized.size() == std::size_t{length});
  BOOST_TEST(std::ranges::is_sorted(finalized));
  BOOST_TEST(leaves == length - 1);
  BOOST_TEST(std::ranges::count_if(references, [](const auto& r) { return !r.expired(); }) == 1);
  resurrected.reset();
  BOOST_TEST(leaves == length);
}

BOOST_AUTO_TEST_CASE(callbacks_that_drop_the_next_owner_run_on_an_ordinary_stack_and_in_order) {
  struct Plain : weakref::object {};
  constexpr std::size_t length = 200'000;
  std::vector<strong_ref<Plain>> owners;
  std::vector<ref<Plain>> references;
  std::vector<std::size_t> told;
  for (std::size_t i = 0; i < length; ++i) owners.push_back(make<Plain>());
  for (std::size_t i = 0; i < length; ++i) {
    references.emplace_back(owners[i], [&told, i](const ref<Plain>& dead) {
      if (dead() == None) told.push_back(2 * i + 1);
    });
    references.emplace_back(owners[i], [&told, &owners, i](const ref<Plain>& dead) {
      if (dead() == None) told.push_back(2 * i);
      if (i + 1 < length) owners[i + 1].reset();
    });
  }
  owners[0].reset();
  BOOST_REQUIRE(told.size() == 2 * length);
  // Of one object the newest comes first; of two, the one that died first.
  const auto of = [&](std::size_t object, std::size_t which) {
    return std::ranges::find(told, 2 * object + which) - told.begin();
  };
  for (const std::size_t i : {std::size_t{0}, std::size_t{70}, length - 1}) BOOST_TEST(of(i, 0) < of(i, 1));
  for (const std::size_t i : {std::size_t{0}, std::size_t{70}, length - 2})
    BOOST_TEST(of(i, 0) < of(i + 1, 0));
}

BOOST_AUTO_TEST_CASE(what_a_callback_or_del_drops_is_destroyed_when_it_goes_on_however_deep_it_runs) {
  struct Node : weakref::object {
    strong_ref<Node> next;
  };
  struct Watched : Node {
    std::size_t* complete = nullptr;
    void del() override {
      if (drops_chain()) ++*complete;
    }
    static bool drops_chain() {
      constexpr std::size_t length = 100;
      std::size_t calls = 0;
      std::vector<ref<Node>> references;
      strong_ref<Node> head;
      for (std::size_t i = 0; i < length; ++i) {
        auto node = make<Node>();
        node->next = std::move(head);
        head = std::move(node);
        references.emplace_back(head, [&](const ref<Node>&) { ++calls; });
      }
      head.reset();
      return calls == length;
    }
  };
  constexpr std::size_t length = 2000;
  std::size_t complete = 0;
  std::vector<ref<Node>> references;
  strong_ref<Node> head;
  for (std::size_t i = 0; i < length; ++i) {
    auto node = make<Watched>();
    node->complete = &complete;
    node->next = std::move(head);
    head = std::move(node);
    references.emplace_back(head, [&](const ref<Node>&) {
      if (Watched::drops_chain()) ++complete;
    });
  }
  head.reset();
  BOOST_TEST(complete == 2 * length);
}

BOOST_AUTO_TEST_CASE(what_a_destructor_drops_is_destroyed_when_it_goes_on) {
  struct Node : weakref::object {
    explicit Node(std::size_t& d) : destroyed(d) {}
    ~Node() override { ++destroyed; }
    std::size_t& destroyed;
    strong_ref<Node> next;
  };
  struct Owner : weakref::object {
    explicit Owner(std::size_t& s) : seen(s) {}
    ~Owner() override {
      head.reset();
      seen = destroyed;
    }
    std::size_t& seen;
    std::size_t destroyed = 0;  // counted by objects that must not live longer
    strong_ref<Node> head;
  };
  constexpr std::size_t length = 1000;
  std::size_t seen = 0;
  auto owner = make<Owner>(seen);
  for (std::size_t i = 0; i < length; ++i) {
    auto node = make<Node>(owner->destroyed);
    node->next = std::move(owner->head);
    owner->head = std::move(node);
  }
  owner.reset();
  BOOST_TEST(seen == length);
}

BOOST_AUTO_TEST_CASE(a_deep_chain_with_callbacks_del_and_hashes_dies_link_by_link) {
  struct Node : weakref::object {
    explicit Node(std::size_t* d) : dels(d) {}
    std::size_t* dels;
    strong_ref<Node> next;
    void del() override { ++*dels; }
  };
  constexpr std::size_t length = 100'000;
  std::size_t dels = 0;
  std::size_t calls = 0;
  std::vector<ref<Node>> references;
  strong_ref<Node> head;
  for (std::size_t i = 0; i < length; ++i) {
    auto node = make<Node>(&dels);
    references.emplace_back(node, [&, i](const ref<Node>& dead) {
      BOOST_REQUIRE(dead.expired());
      // What is behind in the chain is alive or dead, but never in between.
      if (i > 0) (void)references[2 * (i - 1)]();
      ++calls;
    });
    references.emplace_back(node);
    (void)std::hash<ref<Node>>()(references.back());
    node->next = std::move(head);
    head = std::move(node);
  }
  head.reset();
  BOOST_TEST(dels == length);
  BOOST_TEST(calls == length);
  for (const auto& r : references) BOOST_REQUIRE(r.expired());
  for (std::size_t i = 1; i < references.size(); i += 2) (void)std::hash<ref<Node>>()(references[i]);
}

BOOST_AUTO_TEST_CASE(a_large_object_gives_its_memory_back_though_references_remain) {
  struct Large : weakref::object {
    std::byte pixels[1 << 20];
  };
  struct Small : weakref::object {
    std::byte pixels[64];
  };
  const std::size_t before = weakref::pinned_bytes();
  ref large{make<Large>()};
  BOOST_TEST(weakref::pinned_bytes() - before <= 2 * 4096U);  // of the first page and of the last one
  BOOST_TEST(weakref::pinned_bytes() - before > 0U);
  ref small{make<Small>()};
  BOOST_TEST(large.expired());
  BOOST_TEST(small.expired());
  large.reset();
  BOOST_TEST(weakref::pinned_bytes() - before == sizeof(Small) + 16);
  small.reset();
  BOOST_TEST(weakref::pinned_bytes() == before);
}

BOOST_AUTO_TEST_CASE(what_a_large_object_owns_is_no_leak_while_it_lives) {
  struct Large : weakref::object {
    std::byte pixels[1 << 14];
    std::vector<int> histogram = std::vector<int>(16);
  };
  // Alive at the end of the process, when a leak checker asks.
  static const auto* const kept = new strong_ref(make<Large>());
  BOOST_TEST((*kept)->histogram.size() == 16U);
}

BOOST_AUTO_TEST_CASE(an_object_deleted_by_its_owner_of_another_kind_is_an_ordinary_object) {
  Calls calls;
  {
    const auto unmade = std::make_unique<Speaking>(calls, "unmade");
    const auto made = make<Speaking>(calls, "made");
  }
  BOOST_TEST(calls == (Calls{"del made", "~made", "~unmade"}));
}

BOOST_AUTO_TEST_SUITE_END()
