module;

#include <mutex>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>

module weakref;

namespace weakref {
namespace {

constinit detail::never_destroyed<std::mutex> known_types;

}  // namespace

std::string type_object::name() const { return detail::type_name(type_); }

strong_ref<type_object> detail::type_object_of(const std::type_info& type) {
  const std::lock_guard lock(known_types.value);
  // Never destroyed: types may be asked for, and referred to, after the end of main().
  static auto& types = *new std::unordered_map<std::type_index, strong_ref<type_object>>;
  strong_ref<type_object>& known = types[type];
  if (known == None) known = make<type_object>(type);
  return known;
}

void detail::forking::lock_types() noexcept { known_types.value.lock(); }

void detail::forking::unlock_types() noexcept { known_types.value.unlock(); }

}  // namespace weakref
