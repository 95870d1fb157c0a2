module;

#include <cstddef>
#include <new>
#include <string>
#include <typeinfo>

module weakref;

import weakref.protocol;

namespace weakref {

constinit thread_local detail::thread_state detail::this_thread;

void object::del() {}

bool object::weakref_is_made() const noexcept {
  return !detail::unmade::exist() || !detail::unmade::contains(this);
}

void detail::refuse_other_copy() noexcept {
  protocol::counting::fail(
      "weakref: a class and its base class were compiled with two copies of the library; link one shared "
      "library");
}

detail::block& detail::referable(const object& asked) {
  if (!object_access::is_made(asked) || block_of(asked).expired()) {
    throw TypeError("cannot create weak reference to '" + detail::type_name(typeid(asked)) +
                    "' object: make() did not make it, or it is being destroyed");
  }
  return block_of(asked);
}

}  // namespace weakref
