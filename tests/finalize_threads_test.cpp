#include <atomic>
#include <barrier>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::make;

namespace {

struct Node : weakref::object {};

constexpr int rounds = 2000;

/// Both at once, again and again.
template <class Begin, class A, class B>
void race(Begin begin, A a, B b) {
  std::barrier start(3);
  std::barrier end(3);
  const auto repeat = [&](auto& step) {
    for (int i = 0; i < rounds; ++i) {
      start.arrive_and_wait();
      step();
      end.arrive_and_wait();
    }
  };
  std::jthread one([&] { repeat(a); });
  std::jthread two([&] { repeat(b); });
  for (int i = 0; i < rounds; ++i) {
    begin();
    start.arrive_and_wait();
    end.arrive_and_wait();
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(finalize_threads)

BOOST_AUTO_TEST_CASE(of_a_call_and_a_death_one_runs_it) {
  std::atomic<int> calls{0};
  weakref::strong_ref<Node> node;
  using F = weakref::finalize<Node, std::function<void(std::string)>, std::string>;
  std::optional<F> f;
  race(
      [&] {
        node = make<Node>();
        f.emplace(
            node, [&](const std::string& text) { calls += static_cast<int>(text.size()); }, std::string("1"));
      },
      [&] { node.reset(); }, [&] { (*f)(); });
  BOOST_TEST(calls == rounds);
}

BOOST_AUTO_TEST_CASE(of_a_detach_and_a_death_one_has_it) {
  std::atomic<int> calls{0};
  weakref::strong_ref<Node> node;
  using F = weakref::finalize<Node, std::function<void()>>;
  std::optional<F> f;
  race(
      [&] {
        node = make<Node>();
        f.emplace(node, [&] { ++calls; });
      },
      [&] { node.reset(); },
      [&] {
        if (f->detach()) ++calls;
      });
  BOOST_TEST(calls == rounds);
}

BOOST_AUTO_TEST_CASE(what_is_looked_at_lives_though_another_thread_calls_it) {
  std::atomic<int> wrong{0};
  auto node = make<Node>();
  const std::string expected(50, 'x');
  using F = weakref::finalize<Node, std::function<void(std::string)>, std::string>;
  std::optional<F> f;
  race(
      [&] { f.emplace(node, [&](const std::string& text) { wrong += text != expected ? 1 : 0; }, expected); },
      [&] {
        if (const auto info = f->peek(); info && std::get<0>(info->args) != expected) ++wrong;
      },
      [&] { (*f)(); });
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(threads_register_and_run_their_own) {
  std::atomic<int> calls{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < rounds; ++i) {
          auto node = make<Node>();
          weakref::finalize(node, [&] { ++calls; });
          const weakref::finalize f{node, [&] { ++calls; }};
          if (i % 2 == 0) f();
        }
      });
    }
  }
  BOOST_TEST(calls == 4 * rounds * 2);
}

BOOST_AUTO_TEST_SUITE_END()
