module;

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <stdio.h>

module weakref;

namespace weakref {
namespace {

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

}  // namespace

file::file(const std::string& name, const std::string& mode)
    : name_(name),
      mode_(mode),
      stream_(std::fopen(name.c_str(), mode.c_str())) {
  if (stream_ == nullptr) fail(errno, name);
}

file::~file() {
  if (stream_ != nullptr) std::fclose(stream_);
}

std::FILE* file::open() const {
  if (stream_ == nullptr) fail(EBADF, "I/O operation on closed file");
  return stream_;
}

std::string file::read() { return read(std::numeric_limits<std::size_t>::max()); }

std::string file::read(std::size_t bytes) {
  std::FILE* const stream = open();
  std::string text;
  std::array<char, 4096> part;
  while (text.size() < bytes) {
    const std::size_t wanted = std::min(part.size(), bytes - text.size());
    const std::size_t got = std::fread(part.data(), 1, wanted, stream);
    text.append(part.data(), got);
    if (got < wanted) {
      if (std::ferror(stream) != 0) fail(errno, name_);
      break;
    }
  }
  return text;
}

std::string file::readline() {
  std::FILE* const stream = open();
  std::string line;
  for (int c = std::fgetc(stream); c != EOF; c = std::fgetc(stream)) {
    line.push_back(static_cast<char>(c));
    if (c == '\n') break;
  }
  if (std::ferror(stream) != 0) fail(errno, name_);
  return line;
}

std::size_t file::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), open()) != text.size()) fail(errno, name_);
  return text.size();
}

void file::flush() {
  if (std::fflush(open()) != 0) fail(errno, name_);
}

void file::seek(long position) {
  if (std::fseek(open(), position, SEEK_SET) != 0) fail(errno, name_);
}

long file::tell() const {
  const long position = std::ftell(open());
  if (position < 0) fail(errno, name_);
  return position;
}

int file::fileno() const { return ::fileno(open()); }

void file::close() {
  std::FILE* const stream = std::exchange(stream_, nullptr);
  if (stream != nullptr && std::fclose(stream) != 0) fail(errno, name_);
}

}  // namespace weakref
