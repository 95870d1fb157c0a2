#include <atomic>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

import weakref;

// Programs that end with a constructor that throws too late: `constructors-that-throw NAME`. What they print
// is checked by constructor_test.cpp.

namespace {

using weakref::make;
using weakref::ref;
using weakref::strong_ref;

struct Node : weakref::object {};

void after_an_owner_was_given_away() {
  struct Given : weakref::object {
    explicit Given(strong_ref<Given>& out) {
      out = strong_ref<Given>(this);
      throw std::runtime_error("too late");
    }
  };
  strong_ref<Given> given;
  make<Given>(given);
}

/// The reference is still in the hands of the death when it goes, since an older callback does not return.
void while_the_referent_dies() {
  static std::atomic<bool> dying{false};
  struct Reference : weakref::ReferenceType<Node> {
    explicit Reference(strong_ref<Node>&& last) : ReferenceType(last) {
      std::thread([owner = std::move(last)]() mutable { owner.reset(); }).detach();
      dying.wait(false);
      throw std::runtime_error("too late");
    }
  };
  auto node = make<Node>();
  static const ref older{node, [](const ref<Node>&) {
                           dying = true;
                           dying.notify_all();
                           dying.wait(true);
                         }};
  make<Reference>(std::move(node));
}

}  // namespace

int main(int, char** arguments) {
  const std::string_view name = arguments[1];
  if (name == "after_an_owner_was_given_away") after_an_owner_was_given_away();
  if (name == "while_the_referent_dies") while_the_referent_dies();
}
