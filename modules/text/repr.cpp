module;

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <typeinfo>

#include <boost/core/demangle.hpp>

module weakref;

namespace weakref {

std::string detail::type_name(const std::type_info& type) { return boost::core::demangle(type.name()); }

std::string detail::address(std::uintptr_t where) {
  std::array<char, 2 * sizeof where> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), where, 16);
  return "0x" + std::string(digits.data(), end);
}

std::string repr(std::string_view text) {
  // Python prefers single quotes, unless the text has some and no double ones.
  const bool doubled = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = doubled ? '"' : '\'';
  std::string result(1, quote);
  for (const char c : text) {
    switch (c) {
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      case '\\':
        result += "\\\\";
        break;
      default:
        if (c == quote) result += '\\';
        result += c;
    }
  }
  return result + quote;
}

}  // namespace weakref
