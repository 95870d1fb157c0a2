#include "peer.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace benchmarks {
namespace {

std::vector<const peer*>& present() {
  static std::vector<const peer*> all;
  return all;
}

struct package {
  std::string_view peer;
  std::string_view name;
};

constexpr std::array<package, 5> optional{{{"GLib", "libglib2.0-dev"},
                                           {"Qt", "qt6-base-dev"},
                                           {"CPython", "python3-dev"},
                                           {"oneTBB", "libtbb-dev"},
                                           {"LLVM", "llvm-dev"}}};

}  // namespace

peer::peer(std::string name, std::string version, enter_rows enter, leave_finalizers leave)
    : name_(std::move(name)),
      version_(std::move(version)),
      enter_(enter),
      leave_(leave) {
  present().push_back(this);
}

void peer::enter_all(const selection& chosen) {
  for (const peer* one : present()) one->enter_(chosen);
}

bool peer::leave_finalizers_of(const std::string& name, std::size_t count) {
  for (const peer* one : present()) {
    if (one->name() != name || one->leave_ == nullptr) continue;
    one->leave_(count);
    return true;
  }
  return false;
}

void peer::list(std::ostream& out) {
  const char* separator = "weakref beside ";
  for (const peer* one : present()) {
    if (one->version().empty()) continue;
    out << std::exchange(separator, ", ") << one->name() << ' ' << one->version();
  }
  out << ".\n";
  for (const auto& wanted : optional) {
    const bool found = std::ranges::any_of(present(), [&](auto* one) { return one->name() == wanted.peer; });
    if (!found) out << wanted.peer << " is not installed (" << wanted.name << "): not measured.\n";
  }
}

}  // namespace benchmarks
