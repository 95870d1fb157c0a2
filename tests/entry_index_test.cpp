module;

#include <cstddef>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

module weakref;

import weakref.protocol;

// The index of a table, seen from inside: it grows in steps, and is right in the middle of it.

namespace weakref::detail {
namespace {

/// What an index links: never looked at but for its hash.
class indexed final : public weak_reference, public entry_links {
 public:
  indexed(entry_table& home, std::size_t key_hash)
      : weak_reference(protocol::node_kind::reference),
        entry_links(home, key_hash, *this) {}
  using entry_links::hash;
};

struct Fixture {
  Fixture() {
    for (std::size_t i = 0; i < count; ++i) entries.push_back(make_object<indexed>(owner.get(), i / same));
  }

  void append(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) index.append(*entries[i]);
  }
  void grow(std::size_t members) {
    entry_index::room larger(members);
    index.grow(larger);
  }
  /// Does a growth go on? No members are a crowd then.
  [[nodiscard]] bool is_growing() const { return !index.is_crowded(std::size_t{1} << 40); }

  /// Steps until all is moved.
  std::size_t steps() {
    std::size_t taken = 0;
    for (; is_growing(); ++taken) (void)index.advance();
    return taken;
  }

  /// Is each entry of these found, once, in the order in which they were put in, and nothing else?
  bool finds(std::size_t begin, std::size_t end) {
    for (std::size_t hash = 0; hash < count / same; ++hash) {
      const entry_links* at = index.first(hash);
      for (std::size_t i = hash * same; i < (hash + 1) * same; ++i) {
        if (i < begin || i >= end) continue;
        if (at != entries[i].get()) return false;
        at = index.next(*at);
      }
      if (at != nullptr) return false;
    }
    return true;
  }

  static constexpr std::size_t count = 3000;
  static constexpr std::size_t same = 3;  // of one hash
  table_handle owner;
  std::vector<strong_ref<indexed>> entries;
  entry_index index;
};

BOOST_FIXTURE_TEST_SUITE(entry_index, Fixture)

BOOST_AUTO_TEST_CASE(it_is_crowded_when_there_are_more_than_half_as_many_members_as_chains) {
  BOOST_TEST(!index.is_crowded(4));
  BOOST_TEST(index.is_crowded(5));
  grow(5);
  (void)steps();
  BOOST_TEST(!index.is_crowded(8));
  BOOST_TEST(index.is_crowded(9));
}

BOOST_AUTO_TEST_CASE(no_operation_moves_more_than_a_few_chains) {
  grow(1 << 12);  // from the first chains to 2^13
  BOOST_TEST(steps() == 1U);
  append(0, count);
  grow(1 << 15);
  BOOST_TEST(steps() == (std::size_t{1} << 13) / decltype(index)::step);
  BOOST_TEST(decltype(index)::step <= 8U);
  BOOST_TEST(finds(0, count));
}

BOOST_AUTO_TEST_CASE(the_last_growth_is_over_before_the_next_is_due) {
  std::size_t growths = 0;
  for (std::size_t i = 0; i < count; ++i) {
    index.append(*entries[i]);
    (void)index.advance();
    if (2 * i > (std::size_t{8} << growths) && index.is_crowded(i)) {
      grow(i);
      ++growths;
    }
    BOOST_REQUIRE(2 * i <= (std::size_t{8} << growths));
  }
  BOOST_TEST(finds(0, count));
}

BOOST_AUTO_TEST_CASE(all_is_found_in_order_at_every_step_of_a_growth) {
  grow(count / 2);
  (void)steps();
  append(0, count / 2);
  grow(count);
  std::size_t end = count / 2;
  for (; is_growing(); ++end) {
    (void)index.advance();
    append(end, end + 1);
    if (end % 16 == 0) BOOST_REQUIRE(finds(0, end + 1));
  }
  BOOST_TEST(finds(0, end));
}

BOOST_AUTO_TEST_CASE(members_leave_while_it_grows) {
  grow(count / 2);
  (void)steps();
  append(0, count);
  grow(count);
  std::size_t begin = 0;
  while (is_growing()) {
    (void)index.advance();
    for (std::size_t i = 0; i < same; ++i) decltype(index)::erase(*entries[begin++]);
    if (begin % 48 == 0) BOOST_REQUIRE(finds(begin, count));
  }
  BOOST_TEST(finds(begin, count));
}

BOOST_AUTO_TEST_CASE(it_does_not_grow_twice_at_once) {
  append(0, count);
  grow(count);
  BOOST_TEST(!index.is_crowded(count * 1000));
  grow(count * 8);
  BOOST_TEST(steps() == 1U);  // eight chains only
  BOOST_TEST(finds(0, count));
  BOOST_TEST(!index.is_crowded(count));
  BOOST_TEST(index.is_crowded(count * 4));
}

BOOST_AUTO_TEST_CASE(it_is_empty_and_of_use_after_it_was_abandoned_in_the_middle_of_a_growth) {
  append(0, count / 2);
  grow(count / 4);
  (void)steps();
  grow(count);
  (void)index.advance();
  BOOST_TEST(is_growing());
  (void)index.abandon();
  BOOST_TEST(finds(0, 0));
  append(count / 2, count);
  BOOST_TEST(finds(count / 2, count));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace weakref::detail
