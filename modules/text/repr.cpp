module;

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

module weakref;

namespace weakref {

std::string detail::address(std::uintptr_t where) {
  std::array<char, 2 * sizeof where> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), where, 16);
  return "0x" + std::string(digits.data(), end);
}

std::string repr(std::string_view text) {
  // Python prefers single quotes, unless the text has some and no double ones.
  const bool doubled = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = doubled ? '"' : '\'';
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result(1, quote);
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
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
        if (code < 0x20 || code == 0x7F) {
          result += {'\\', 'x', digits[code >> 4], digits[code & 15]};
        } else {
          if (c == quote) result += '\\';
          result += c;
        }
    }
  }
  return result + quote;
}

std::string repr(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  // The shortest digits that read back; an exponent from 1e16 on and below 1e-4.
  const double size = std::abs(number);
  const bool scientific = size != 0 && (size < 1e-4 || size >= 1e16);
  std::array<char, 64> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number,
                    scientific ? std::chars_format::scientific : std::chars_format::fixed);
  std::string result(text.data(), end);
  if (!scientific && result.find('.') == result.npos) result += ".0";
  return result;
}

}  // namespace weakref
