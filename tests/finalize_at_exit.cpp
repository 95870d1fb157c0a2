#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

import weakref;

// Programs that leave finalizers to the exit: `finalize-at-exit NAME`. What they print is checked by
// finalize_exit_test.cpp.

namespace {

using weakref::make;

struct Node : weakref::object {};

void say(const std::string& line) { std::puts(line.c_str()); }

void live_ones() {
  static auto node = make<Node>();
  weakref::set_excepthook([](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      say(std::string("hook: ") + e.what());
    }
  });
  const auto print = [](const std::string& x, const std::string& y) { say(x + " " + y); };
  const weakref::finalize f1{node, print, std::string("f1"), std::string("foobar")};
  const weakref::finalize f2{node, print, std::string("f2"), std::string("foobar")};
  const weakref::finalize f3{node, [] {
                               weakref::finalize(node, say, "g1");
                               say("f3 error");
                               throw std::runtime_error("division by zero");
                             }};
  const weakref::finalize f4{node, print, std::string("f4"), std::string("foobar")};
  f2.atexit(false);
}

/// The newest one is passed by before the older one makes another.
void one_made_behind_one_without_atexit() {
  static auto node = make<Node>();
  weakref::finalize(node, [] {
    weakref::finalize(node, say, "made meanwhile");
    say("older");
  });
  static weakref::finalize f{node, say, "skipped"};
  f.atexit(false);
}

void a_change_of_mind() {
  static auto node = make<Node>();
  static weakref::finalize oldest{node, say, "oldest"};
  weakref::finalize(node, [] {
    weakref::finalize(node, say, "made meanwhile");
    oldest.atexit(false);
    say("older");
  });
  static weakref::finalize older_yet{node, say, "one that was selected"};
  static weakref::finalize not_wanted{node, say, "one that was not selected"};
  not_wanted.atexit(false);
  weakref::finalize(node, [] {
    older_yet.atexit(false);
    not_wanted.atexit(true);
    not_wanted.atexit(false);
    say(older_yet.atexit() ? "still wanted" : "not wanted any more");
  });
}

void without_atexit() {
  // Destroyed after the finalizers' exit, since it was made before them.
  static struct Holder {
    ~Holder() {
      node.reset();
      say("the object is dead");
    }
    weakref::strong_ref<Node> node;
  } holder;
  holder.node = make<Node>();
  weakref::finalize f{holder.node, say, "skipped"};
  f.atexit(false);
  weakref::finalize(holder.node, say, "runs");
}

void after_the_exit() {
  static std::function<void()> later;
  std::atexit([] { later(); });  // before the finalizers' function, so it runs after that
  static auto node = make<Node>();
  static weakref::finalize f{node, say, "called"};
  f.atexit(false);
  // Held by this one when `node` itself has been destroyed.
  later = [kept = f] {
    say(kept.alive() ? "alive" : "dead");
    const auto other = make<Node>();
    const weakref::finalize late{other, say, "late"};
    say(late.alive() ? "alive" : "dead");
    say(late() ? "ran" : "did nothing");
  };
}

void detached_by_another() {
  static auto node = make<Node>();
  static weakref::finalize older{node, say, "older"};
  static weakref::finalize oldest{node, say, "oldest"};
  weakref::finalize(node, [] {
    say("newest");
    oldest.detach();
  });
}

void an_object_dies_meanwhile() {
  static auto first = make<Node>();
  static auto second = make<Node>();
  weakref::finalize(first, say, "first");
  weakref::finalize(second, say, "second");
  weakref::finalize(second, [] {
    first.reset();
    say("newest");
  });
}

void the_hook_by_default() {
  static auto node = make<Node>();
  weakref::finalize(node, [] { throw std::runtime_error("nobody caught this"); });
}

void what_is_no_exception() {
  static auto node = make<Node>();
  weakref::finalize(node, [] { throw 5; });
}

void a_hook_that_throws() {
  weakref::set_excepthook([](std::exception_ptr) { throw std::logic_error("from the hook"); });
  the_hook_by_default();
}

/// Another thread calls the finalizers from the oldest to the newest, while the exit comes from the other
/// end.
void called_by_a_thread_meanwhile() {
  using finalizer = weakref::finalize<Node, std::function<void()>>;
  static std::atomic<int> calls{0};
  static std::thread caller;
  // Registered first, so it runs last.
  std::atexit([] {
    caller.join();
    say(std::to_string(calls));
  });
  static auto& node = *new auto(make<Node>());
  std::vector<finalizer> all;
  for (int i = 0; i < 1000; ++i) all.emplace_back(node, [] { ++calls; });
  static std::atomic<bool> running{false};
  caller = std::thread([finalizers = all] {
    running = true;
    running.notify_one();
    for (const finalizer& f : finalizers) f();
  });
  running.wait(false);
}

}  // namespace

int main(int, char** arguments) {
  const std::string_view name = arguments[1];
  if (name == "live_ones") live_ones();
  if (name == "one_made_behind_one_without_atexit") one_made_behind_one_without_atexit();
  if (name == "a_change_of_mind") a_change_of_mind();
  if (name == "without_atexit") without_atexit();
  if (name == "after_the_exit") after_the_exit();
  if (name == "detached_by_another") detached_by_another();
  if (name == "an_object_dies_meanwhile") an_object_dies_meanwhile();
  if (name == "the_hook_by_default") the_hook_by_default();
  if (name == "what_is_no_exception") what_is_no_exception();
  if (name == "a_hook_that_throws") a_hook_that_throws();
  if (name == "called_by_a_thread_meanwhile") called_by_a_thread_meanwhile();
}
