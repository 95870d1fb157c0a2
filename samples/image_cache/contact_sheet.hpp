// The contact sheet: every picture as a thumbnail, in a grid, with its name and its size.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "gallery.hpp"

/// There is at least one picture. Throws: std::runtime_error where the file cannot be written, or the sheet
/// would be larger than cairo can draw.
void write_contact_sheet(const std::filesystem::path& file, const std::string& title,
                         const std::vector<Picture>& pictures, std::size_t thumbnail);
