// The pictures of a folder: found, opened once, and kept as thumbnails.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bitmap.hpp"

struct Picture {
  std::string name;  // its path inside the folder
  std::size_t width;
  std::size_t height;
  Bitmap thumbnail;

  [[nodiscard]] std::size_t decoded_bytes() const { return width * height * 3; }
};

struct Unreadable {
  std::string name;
  std::string reason;
};

struct Gallery {
  std::vector<Picture> pictures;       // in the order of their names
  std::vector<Unreadable> unreadable;  // likewise
};

/// The names of all files in the folder, and in those below it, that are PNG or JPEG pictures by their
/// content, or claim to be by their name; sorted. Throws: std::filesystem::filesystem_error where the folder
/// cannot be read.
std::vector<std::string> find_pictures(const std::filesystem::path& folder);

/// Opens each file once; `opened` is called after each, by one thread at a time, with how many are done.
Gallery open_gallery(const std::filesystem::path& folder, const std::vector<std::string>& names,
                     std::size_t thumbnail, std::size_t workers,
                     const std::function<void(std::size_t)>& opened);
