module;

#include <cstddef>
#include <new>
#include <string>
#include <typeinfo>

module weakref;

namespace weakref {

constinit thread_local detail::thread_state detail::this_thread;

void object::del() {}

bool detail::is_made(const object& asked) noexcept { return !unmade::contains(&asked); }

detail::block& detail::referable(const object& asked) {
  if (!is_made(asked) || block_of(asked).expired()) {
    throw TypeError("cannot create weak reference to '" + detail::type_name(typeid(asked)) +
                    "' object: make() did not make it, or it is being destroyed");
  }
  return block_of(asked);
}

}  // namespace weakref
