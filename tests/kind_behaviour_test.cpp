#include <coroutine>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <regex>
#include <source_location>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;
using weakref::None;
using weakref::ref;
using weakref::strong_ref;

namespace {

struct Node : weakref::object {};
struct Derived : Node {};

/// A folder of its own, which goes with it.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("weakref-kind-" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
};

weakref::generator<int> count(int n) {
  for (int i = 0; i < n; ++i) co_yield i;
}

weakref::generator<int> hold(std::shared_ptr<int> held) {
  for (;;) co_yield *held;
}

weakref::generator<int> fail_after_one() {
  co_yield 1;
  throw std::runtime_error("over");
}

weakref::generator<int> use(const std::function<void()>& f) {
  f();
  co_yield 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kind_behaviour)

BOOST_AUTO_TEST_CASE(a_function_is_called_and_its_proxy_is_callable) {
  int offset = 1;
  auto f = make<weakref::function<int(int)>>([&](int x) { return x + offset; });
  BOOST_TEST(f(2) == 3);
  const auto p = weakref::proxy(f);
  BOOST_TEST(p(2) == 3);
  static_assert(std::is_same_v<decltype(p), const weakref::CallableProxyType<weakref::function<int(int)>>>);
  f.reset();
  BOOST_CHECK_THROW(p(2), weakref::ReferenceError);
}

BOOST_AUTO_TEST_CASE(code_knows_where_it_was_written) {
  const auto here = std::source_location::current();
  const auto twice = make<weakref::code<int(int)>>("twice", [](int x) { return 2 * x; }, here);
  BOOST_TEST(twice(4) == 8);
  BOOST_TEST(twice->name() == "twice");
  BOOST_TEST(twice->filename() == here.file_name());
  BOOST_TEST(twice->firstlineno() == here.line());
  BOOST_TEST(repr(ref{twice}).ends_with(" (twice)>"));
}

BOOST_AUTO_TEST_CASE(a_set_has_the_names_of_pythons) {
  auto s = make<weakref::set<int>>();
  s->add(1);
  s->add(1);
  s->add(2);
  BOOST_TEST(s->size() == 2U);
  BOOST_TEST(s->contains(2));
  s->discard(7);
  s->remove(2);
  BOOST_CHECK_EXCEPTION(s->remove(2), weakref::KeyError,
                        [](const auto& e) { return std::string(e.what()) == "2"; });
  BOOST_TEST(s->pop() == 1);
  BOOST_CHECK_EXCEPTION(s->pop(), weakref::KeyError,
                        [](const auto& e) { return std::string(e.what()) == "'pop from an empty set'"; });
  BOOST_TEST(len(weakref::proxy(s)) == 0U);
}

BOOST_AUTO_TEST_CASE(frozensets_with_equal_elements_are_equal_and_hash_alike) {
  using Set = weakref::frozenset<int>;
  const auto a = make<Set>(std::vector{1, 2, 3});
  const auto b = make<Set>(std::vector{3, 2, 1, 1});
  const auto c = make<Set>(std::vector{1, 2, 4});
  BOOST_TEST((*a == *b));
  BOOST_TEST((*a != *c));
  const std::hash<Set> hash;
  BOOST_TEST(hash(*a) == hash(*b));
  BOOST_TEST(hash(*a) != hash(*c));
  BOOST_TEST((ref{a} == ref{b}));
  BOOST_TEST(std::hash<ref<Set>>()(ref{a}) == hash(*a));
  int sum = 0;
  for (const int x : *a) sum += x;
  BOOST_TEST(sum == 6);
  BOOST_TEST(a->contains(3));
  BOOST_TEST(a->size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_array_and_a_deque_grow_and_shrink_at_their_ends) {
  auto a = make<weakref::array<double>>();
  a->append(1.5);
  BOOST_TEST((*a)[0] == 1.5);
  BOOST_TEST(a->pop() == 1.5);
  BOOST_CHECK_THROW(a->pop(), std::out_of_range);

  auto d = make<weakref::deque<std::string>>();
  d->append("b");
  d->appendleft("a");
  d->append("c");
  BOOST_TEST(d->popleft() == "a");
  BOOST_TEST(d->pop() == "c");
  BOOST_TEST(d->pop() == "b");
  BOOST_CHECK_EXCEPTION(d->pop(), std::out_of_range,
                        [](const auto& e) { return std::string(e.what()) == "pop from an empty deque"; });
  BOOST_CHECK_THROW(d->popleft(), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_file_is_written_and_read) {
  const Folder folder;
  auto f = make<weakref::file>(folder / "notes", "w+");
  BOOST_TEST(f->write("one\ntwo\nthree") == 13U);
  f->flush();
  f->seek(0);
  BOOST_TEST(f->readline() == "one\n");
  BOOST_TEST(f->read(2) == "tw");
  BOOST_TEST(f->tell() == 6);
  BOOST_TEST(f->read() == "o\nthree");
  BOOST_TEST(f->read().empty());
  BOOST_TEST(f->readline().empty());
  BOOST_TEST(f->name() == folder / "notes");
  BOOST_TEST(f->mode() == "w+");
}

BOOST_AUTO_TEST_CASE(a_file_is_closed_when_it_dies) {
  const Folder folder;
  auto f = make<weakref::file>(folder / "notes", "w");
  const int descriptor = f->fileno();
  f->write("kept");
  f.reset();
  BOOST_TEST(lseek(descriptor, 0, SEEK_CUR) == -1);
  BOOST_TEST(make<weakref::file>(folder / "notes")->read() == "kept");
}

BOOST_AUTO_TEST_CASE(a_closed_file_refuses) {
  const Folder folder;
  auto f = make<weakref::file>(folder / "notes", "w");
  f->close();
  f->close();
  BOOST_TEST(f->closed());
  BOOST_CHECK_EXCEPTION((void)f->write("x"), std::system_error, [](const auto& e) {
    return std::string(e.what()).starts_with("I/O operation on closed file");
  });
  BOOST_CHECK_EXCEPTION(make<weakref::file>(folder / "none"), std::system_error,
                        [](const auto& e) { return e.code() == std::errc::no_such_file_or_directory; });
}

BOOST_AUTO_TEST_CASE(sockets_talk_over_loopback) {
  auto server = make<weakref::socket>();
  server->bind("127.0.0.1", 0);
  server->listen();
  const auto [host, port] = server->getsockname();
  BOOST_TEST(host == "127.0.0.1");
  auto client = make<weakref::socket>();
  client->connect(host, port);
  auto accepted = server->accept();
  client->sendall("hello");
  BOOST_TEST(accepted->recv(100) == "hello");
  client.reset();
  BOOST_TEST(accepted->recv(100).empty());
}

BOOST_AUTO_TEST_CASE(a_socket_that_dies_is_closed_and_a_closed_one_refuses) {
  auto [one, other] = weakref::socketpair();
  BOOST_TEST(one->send("x") == 1U);
  BOOST_TEST(other->recv(10) == "x");
  one.reset();
  BOOST_TEST(other->recv(10).empty());
  other->close();
  other->close();
  BOOST_TEST(other->fileno() == -1);
  BOOST_CHECK_THROW((void)other->send("x"), std::system_error);
  BOOST_CHECK_THROW(make<weakref::socket>()->bind("not a host", 1), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_pattern_matches_searches_and_replaces) {
  const auto p = make<weakref::pattern>("(a+)(b)?");
  BOOST_TEST((p->fullmatch("aab").value() == weakref::pattern::groups{"aab", "aa", "b"}));
  BOOST_TEST((p->match("aac").value() == weakref::pattern::groups{"aa", "aa", ""}));
  BOOST_TEST(!p->fullmatch("aac").has_value());
  BOOST_TEST(!p->match("xaa").has_value());
  BOOST_TEST(p->search("xaa").value().front() == "aa");
  BOOST_TEST(!p->search("x").has_value());
  BOOST_TEST((p->findall("a aab xa") == std::vector<std::string>{"a", "aab", "a"}));
  BOOST_TEST(p->sub("-", "aabxa") == "-x-");
  BOOST_TEST(p->text() == "(a+)(b)?");
  BOOST_CHECK_THROW(make<weakref::pattern>("("), std::regex_error);
}

BOOST_AUTO_TEST_CASE(a_generator_gives_value_after_value) {
  auto g = make<weakref::generator<int>>(count(3));
  BOOST_TEST(g->next().value() == 0);
  std::vector<int> rest;
  for (const int i : *g) rest.push_back(i);
  BOOST_TEST((rest == std::vector{1, 2}));
  BOOST_TEST(!g->next().has_value());
  static_assert(std::ranges::input_range<weakref::generator<int>&>);
}

BOOST_AUTO_TEST_CASE(the_frame_dies_with_the_generator) {
  auto held = std::make_shared<int>(7);
  auto g = make<weakref::generator<int>>(hold(held));
  int calls = 0;
  const ref r{g, [&](const auto&) {
                ++calls;
                BOOST_TEST(held.use_count() == 2);  // callbacks come before the body goes
              }};
  BOOST_TEST(g->next().value() == 7);
  BOOST_TEST(held.use_count() == 2);
  g.reset();
  BOOST_TEST(calls == 1);
  BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_generator_that_throws_is_over) {
  auto g = make<weakref::generator<int>>(fail_after_one());
  BOOST_TEST(g->next().value() == 1);
  BOOST_CHECK_THROW(g->next(), std::runtime_error);
  BOOST_TEST(!g->next().has_value());
}

BOOST_AUTO_TEST_CASE(a_generator_may_not_be_asked_while_it_runs) {
  strong_ref<weakref::generator<int>> g;
  const std::function<void()> ask = [&] { g->next(); };
  g = make<weakref::generator<int>>(use(ask));
  BOOST_CHECK_EXCEPTION(g->next(), weakref::RuntimeError,
                        [](const auto& e) { return std::string(e.what()) == "generator already executing"; });
}

BOOST_AUTO_TEST_CASE(a_generator_may_drop_its_own_last_owner) {
  strong_ref<weakref::generator<int>> g;
  const std::function<void()> drop = [&] { g.reset(); };
  g = make<weakref::generator<int>>(use(drop));
  const ref r{g};
  BOOST_TEST(g->next().value() == 1);
  BOOST_TEST(r.expired());
}

BOOST_AUTO_TEST_CASE(a_type_has_one_object_that_never_dies) {
  auto type = weakref::type_of<Derived>();
  const ref r{type};
  BOOST_TEST(is(type, weakref::type_of<Derived>()));
  BOOST_TEST(!is(type, weakref::type_of<Node>()));
  type.reset();
  BOOST_TEST(!r.expired());
  const strong_ref<Node> node = make<Derived>();
  BOOST_TEST(is(weakref::type_of(node), r()));
  BOOST_TEST(is(weakref::type_of(1), weakref::type_of<int>()));
  BOOST_TEST(weakref::type_of<int>()->name() == "int");
  BOOST_TEST((weakref::type_of<int>()->type() == typeid(int)));
  BOOST_TEST(repr(ref{weakref::type_of<int>()}).ends_with(" (int)>"));
}

BOOST_AUTO_TEST_CASE(a_type_is_asked_for_in_many_threads_and_is_one) {
  struct Fresh {};
  std::vector<strong_ref<weakref::type_object>> seen(4);
  {
    std::vector<std::jthread> threads;
    for (auto& place : seen) threads.emplace_back([&] { place = weakref::type_of<Fresh>(); });
  }
  for (const auto& type : seen) BOOST_TEST(is(type, seen.front()));
}

BOOST_AUTO_TEST_CASE(a_generator_may_not_be_closed_while_it_runs) {
  strong_ref<weakref::generator<int>> g;
  bool refused = false;
  const std::function<void()> close = [&] {
    BOOST_CHECK_EXCEPTION(g->close(), weakref::RuntimeError, [](const auto& e) {
      return std::string(e.what()) == "generator already executing";
    });
    refused = true;
  };
  g = make<weakref::generator<int>>(use(close));
  BOOST_TEST(g->next().value() == 1);
  BOOST_TEST(refused);
  g->close();
  BOOST_TEST(!g->next().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
