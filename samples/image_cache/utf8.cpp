#include "utf8.hpp"

#include <cstddef>

namespace {

constexpr char32_t replacement = 0xfffd;

struct Letter {
  char32_t code;
  std::size_t bytes;
};

Letter first_letter(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};

  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {replacement, 1};
  char32_t code = lead & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {replacement, 1};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool too_long = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (too_long || surrogate || code > 0x10ffff) return {replacement, 1};
  return {code, bytes};
}

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string letters;
  while (!text.empty()) {
    const auto [code, bytes] = first_letter(text);
    letters += code;
    text.remove_prefix(bytes);
  }
  return letters;
}

std::string to_utf8(std::u32string_view letters) {
  std::string text;
  for (const char32_t code : letters) {
    const std::size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes == 1) {
      text += static_cast<char>(code);
      continue;
    }
    const auto lead = static_cast<char32_t>(0xf00U >> bytes & 0xffU);
    for (std::size_t i = bytes; i-- > 0;) {
      const char32_t bits = code >> (6 * i);
      text += static_cast<char>(i + 1 == bytes ? lead | bits : 0x80U | (bits & 0x3fU));
    }
  }
  return text;
}
