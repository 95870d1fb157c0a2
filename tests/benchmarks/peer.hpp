#pragma once

#include <cstddef>
#include <ostream>
#include <string>

namespace benchmarks {

/// What one process measures: a heap that others have torn to pieces slows down whoever allocates next.
struct selection {
  enum class group { operations, callbacks, dictionaries, cold, sizes, threads };
  group which;
  std::size_t largest;  // number of entries, or callbacks
};

/// Somebody to be measured. Each is a global object of its own file: a file that is not built is a peer that
/// is not there.
class peer {
 public:
  using enter_rows = void (*)(const selection&);
  /// Makes that many finalizers and writes, at exit, what the exit took for each.
  using leave_finalizers = void (*)(std::size_t count);

  /// A further file of the same peer has no version.
  peer(std::string name, std::string version, enter_rows enter, leave_finalizers leave = nullptr);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& version() const { return version_; }

  static void enter_all(const selection& chosen);
  /// False where there is no such peer, or it has no finalizers.
  static bool leave_finalizers_of(const std::string& name, std::size_t count);
  static void list(std::ostream& out);

 private:
  std::string name_;
  std::string version_;
  enter_rows enter_;
  leave_finalizers leave_;
};

}  // namespace benchmarks
