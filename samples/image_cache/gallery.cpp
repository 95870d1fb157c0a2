#include "gallery.hpp"

#include <algorithm>
#include <exception>
#include <mutex>

#include "decode.hpp"
#include "in_parallel.hpp"
#include "scale.hpp"

namespace {

bool is_named_like_a_picture(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  for (char& letter : extension)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

}  // namespace

std::vector<std::string> find_pictures(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    std::error_code unreadable;  // a link to nothing is no regular file
    if (!entry.is_regular_file(unreadable)) continue;
    if (is_named_like_a_picture(entry.path()) || looks_like_a_picture(entry.path()))
      names.push_back(entry.path().lexically_relative(folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Gallery open_gallery(const std::filesystem::path& folder, const std::vector<std::string>& names,
                     std::size_t thumbnail, std::size_t workers,
                     const std::function<void(std::size_t)>& opened) {
  Gallery gallery;
  std::mutex mutex;
  in_parallel(workers, names.size(), [&](std::size_t index) {
    const std::string& name = names[index];
    try {
      const Bitmap bitmap = decode(folder / name);
      Picture picture{name, bitmap.width(), bitmap.height(), scaled_to_fit(bitmap, thumbnail)};
      const std::lock_guard lock(mutex);
      gallery.pictures.push_back(std::move(picture));
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      gallery.unreadable.push_back({name, error.what()});
    }
    const std::lock_guard lock(mutex);
    opened(gallery.pictures.size() + gallery.unreadable.size());
  });

  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(gallery.pictures.begin(), gallery.pictures.end(), by_name);
  std::sort(gallery.unreadable.begin(), gallery.unreadable.end(), by_name);
  return gallery;
}
