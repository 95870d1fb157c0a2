// GLib: GObject with GWeakRef, and g_object_weak_ref, which calls back.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <glib-object.h>

#include <benchmark/benchmark.h>

#include "../contender.hpp"
#include "../keep.hpp"
#include "../operations/callbacks.hpp"
#include "../operations/cold.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/memory.hpp"
#include "../operations/uses.hpp"
#include "../peer.hpp"

namespace benchmarks {
namespace {

struct instance {
  GObject object;
  std::array<std::uint64_t, 4> words;
};

GType instance_type() {
  static const GType type = ::g_type_register_static_simple(G_TYPE_OBJECT, "Payload", sizeof(GObjectClass),
                                                            nullptr, sizeof(instance), nullptr, GTypeFlags{});
  return type;
}

class strong {
 public:
  strong() = default;
  explicit strong(void* owned) : object_(static_cast<instance*>(owned)) {}
  strong(const strong& other) : object_(static_cast<instance*>(g_object_ref(other.object_))) {}
  strong(strong&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  strong& operator=(strong other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~strong() { reset(); }
  void reset() {
    if (object_ != nullptr) g_object_unref(std::exchange(object_, nullptr));
  }
  [[nodiscard]] instance* get() const { return object_; }
  instance* operator->() const { return object_; }

 private:
  instance* object_ = nullptr;
};

/// GLib knows where each of these lies.
class weak {
 public:
  explicit weak(const strong& owner) { ::g_weak_ref_init(&reference_, owner.get()); }
  weak(const weak& other) : weak(other.lock()) {}
  weak& operator=(const weak& other) {
    ::g_weak_ref_set(&reference_, other.lock().get());
    return *this;
  }
  ~weak() { ::g_weak_ref_clear(&reference_); }
  [[nodiscard]] strong lock() const { return strong(::g_weak_ref_get(&reference_)); }

 private:
  mutable GWeakRef reference_{};
};

struct glib_family {
  using strong = benchmarks::strong;
  using weak = benchmarks::weak;
  static strong make() { return strong(::g_object_new(instance_type(), nullptr)); }
  static strong lock(const weak& reference) { return reference.lock(); }
};

std::size_t fired_callbacks = 0;

extern "C" {
static void on_death(gpointer, GObject*) { ++fired_callbacks; }
}

class watched {
 public:
  explicit watched(std::size_t callbacks) {
    for (std::size_t i = 0; i < callbacks; ++i) ::g_object_weak_ref(&owner_->object, on_death, nullptr);
  }
  void die() { owner_.reset(); }
  static std::size_t fired() { return fired_callbacks; }

 private:
  strong owner_ = glib_family::make();
};

void callback_reference(benchmark::State& state) {
  const auto owner = glib_family::make();
  for (auto _ : state) {
    ::g_object_weak_ref(&owner->object, on_death, nullptr);
    ::g_object_weak_unref(&owner->object, on_death, nullptr);
  }
}

class finalized {
 public:
  std::size_t operator()() {
    watched one(1);
    one.die();
    return watched::fired();
  }
};

void enter(const selection& chosen) {
  const contender as("GLib");
  if (chosen.which == selection::group::cold) each_cold_operation<glib_family, benchmark::State>(as);
  if (chosen.which == selection::group::callbacks) enter_callbacks_at_death<watched>(as, chosen);
  if (chosen.which != selection::group::operations) return;
  each_operation_on_handles<glib_family, benchmark::State>(as);
  each_lifetime<glib_family, benchmark::State>(as);
  each_memory<glib_family, benchmark::State>(as);
  as("callback_reference", callback_reference);
  as("sixteen_callbacks", sixteen_callbacks<watched>);
  as("finalize", use<finalized>);
}

const peer glib("GLib",
                std::to_string(GLIB_MAJOR_VERSION) + '.' + std::to_string(GLIB_MINOR_VERSION) + '.' +
                    std::to_string(GLIB_MICRO_VERSION),
                enter);

}  // namespace
}  // namespace benchmarks
