// UTF-8, and what in a file's name is not: Linux lets a name be any bytes, cairo draws nothing more after a
// bad one.
#pragma once

#include <string>
#include <string_view>

/// The text letter by letter; each byte that is no part of one becomes U+FFFD.
std::u32string code_points(std::string_view text);

std::string to_utf8(std::u32string_view letters);
