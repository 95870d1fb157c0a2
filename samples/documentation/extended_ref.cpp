#include <iostream>
#include <optional>
#include <string>
#include <utility>

import weakref;

// References may have a class of their own, with data and another way to be called.

struct A : weakref::object {};

class ExtendedRef : public weakref::ReferenceType<A> {
 public:
  ExtendedRef(const weakref::strong_ref<A>& ob, weakref::callback_of<A> callback, int f, std::string b)
      : ReferenceType(ob, std::move(callback)),
        foo(f),
        bar(std::move(b)) {}

  /// The referent and the number of times the reference has been called.
  std::optional<std::pair<weakref::strong_ref<A>, int>> operator()() {
    auto ob = ReferenceType::operator()();
    if (ob == weakref::None) return std::nullopt;
    return std::pair{std::move(ob), ++counter_};
  }

  int foo;
  std::string bar;

 private:
  int counter_ = 0;
};

int main() {
  auto a = weakref::make<A>();
  const auto r = weakref::make<ExtendedRef>(a, weakref::None, 1, "baz");
  std::cout << r->foo << "\n" << r->bar << "\n";
  std::cout << (*r)()->second << "\n";
  std::cout << (*r)()->second << "\n";
  std::cout << (is((*r)()->first, a) ? "True" : "False") << "\n";
  a.reset();
  std::cout << ((*r)() ? "alive" : "None") << "\n";
}
