module;

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include <boost/core/demangle.hpp>

module weakref;

// Names of types, as they are written in C++. A compiler attaches the name of its module to every class in a
// module; it is left out, and must not stand in the way of those demanglers that do not know it.

namespace weakref {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_in_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// "X@module" is X.
std::string without_modules(std::string name) {
  for (auto at = name.find('@'); at != name.npos; at = name.find('@', at)) {
    const auto end = std::find_if(name.begin() + static_cast<std::ptrdiff_t>(at) + 1, name.end(),
                                  [](char c) { return !is_in_name(c) && c != '.'; });
    name.erase(name.begin() + static_cast<std::ptrdiff_t>(at), end);
  }
  return name;
}

/// A mangled name with a namespace "@" in place of each module, as libstdc++ 12 can read it. It is a module's
/// equal when the parts of the name are counted that are repeated by their number.
std::string with_modules_as_namespaces(std::string_view mangled) {
  std::string result;
  while (!mangled.empty()) {
    const char first = mangled[0];
    const bool is_module = first == 'W' && mangled.size() > 1 && is_digit(mangled[1]);
    if (is_module) mangled.remove_prefix(1);
    std::size_t length = 1;
    if (is_digit(mangled[0])) {
      // A name behind its length.
      std::size_t size = 0;
      length = 0;
      while (length < mangled.size() && is_digit(mangled[length])) {
        size = 10 * size + static_cast<std::size_t>(mangled[length++] - '0');
      }
      length = std::min(length + size, mangled.size());
    } else if (first == 'S' || first == 'T' || first == 'A' || first == 'L') {
      // The number of a part, a template parameter, an array's elements or, behind its type, a literal.
      if (first == 'L' && mangled.size() > 1) ++length;
      while (length < mangled.size() && is_digit(mangled[length])) ++length;
    }
    result += is_module ? "1@" : mangled.substr(0, length);
    mangled.remove_prefix(length);
  }
  return result;
}

/// The name without these namespaces: "a::@::X" is a::X. A module that is repeated by its number brings with
/// it what it stood behind at first: "b::a::@::Y" is b::Y.
std::string without_module_namespaces(std::string name) {
  constexpr std::string_view module = "@::";
  std::vector<std::string> scopes;
  for (auto found = name.find(module); found != name.npos; found = name.find(module)) {
    auto begin = found;
    while (begin > 0 && (is_in_name(name[begin - 1]) || name[begin - 1] == ':')) --begin;
    const std::string scope = name.substr(begin, found - begin);
    const auto repeated =
        std::ranges::find_if(scopes, [&](const std::string& known) { return scope.ends_with("::" + known); });
    if (repeated != scopes.end()) {
      name.erase(found - repeated->size(), repeated->size() + module.size());
    } else {
      name.erase(found, module.size());
      scopes.push_back(scope);
    }
  }
  return name;
}

}  // namespace

std::string detail::type_name(const std::type_info& type) {
  const boost::core::scoped_demangled_name name(type.name());
  if (name.get() != nullptr) return without_modules(name.get());
  const boost::core::scoped_demangled_name rewritten(with_modules_as_namespaces(type.name()).c_str());
  return rewritten.get() != nullptr ? without_module_namespaces(rewritten.get()) : type.name();
}

}  // namespace weakref
