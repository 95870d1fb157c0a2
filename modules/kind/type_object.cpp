module;

#include <mutex>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>

module weakref;

namespace weakref {

std::string type_object::name() const { return detail::type_name(type_); }

strong_ref<type_object> detail::type_object_of(const std::type_info& type) {
  // Never destroyed: types may be asked for, and referred to, after the end of main().
  static auto& mutex = *new std::mutex;
  static auto& types = *new std::unordered_map<std::type_index, strong_ref<type_object>>;
  const std::lock_guard lock(mutex);
  strong_ref<type_object>& known = types[type];
  if (known == None) known = make<type_object>(type);
  return known;
}

}  // namespace weakref
