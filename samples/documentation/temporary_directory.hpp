#pragma once

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

#include <stdlib.h>

/// A new folder among the temporary ones. Throws std::system_error.
inline std::filesystem::path make_temporary_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "sample-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  return name;
}
