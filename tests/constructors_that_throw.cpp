#include <stdexcept>
#include <string_view>

import weakref;

// Programs that end with a constructor that throws too late: `constructors-that-throw NAME`. What they print
// is checked by constructor_test.cpp.

namespace {

using weakref::make;
using weakref::strong_ref;

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

}  // namespace

int main(int, char** arguments) {
  const std::string_view name = arguments[1];
  if (name == "after_an_owner_was_given_away") after_an_owner_was_given_away();
}
