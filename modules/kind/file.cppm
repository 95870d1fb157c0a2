module;

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

export module weakref:file;

import :object;

namespace weakref {

/// An open file, which is closed when it dies: make<file>("notes.txt", "w"). Modes are those of std::fopen.
/// Operations throw std::system_error when the system refuses, and on a closed file.
///
/// ---- Thread safety: one file may be used in several threads, each operation is atomic; but not while
/// close() runs. Source: "open" in the Python library reference.
export class file : public object {
 public:
  explicit file(const std::string& name, const std::string& mode = "r");
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() override;

  /// All that is left, or at most so many bytes; empty at the end.
  [[nodiscard]] std::string read();
  [[nodiscard]] std::string read(std::size_t bytes);
  /// The next line with its '\n'; empty at the end.
  [[nodiscard]] std::string readline();
  /// Writes all of the text; its number of bytes.
  std::size_t write(std::string_view text);
  void flush();
  /// From the beginning, in bytes.
  void seek(long position);
  [[nodiscard]] long tell() const;
  [[nodiscard]] int fileno() const;

  /// Does nothing if it is closed.
  void close();
  [[nodiscard]] bool closed() const noexcept { return stream_ == nullptr; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& mode() const noexcept { return mode_; }

 private:
  [[nodiscard]] std::FILE* open() const;

  std::string name_;
  std::string mode_;
  std::FILE* stream_;
};

}  // namespace weakref
