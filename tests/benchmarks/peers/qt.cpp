// Qt: QSharedPointer and QWeakPointer; QPointer, which holds nothing; and QObject::destroyed.

#include <cstddef>

#include <QObject>
#include <QPointer>
#include <QSharedPointer>
#include <QWeakPointer>

#include <benchmark/benchmark.h>

#include "../contender.hpp"
#include "../keep.hpp"
#include "../operations/callbacks.hpp"
#include "../operations/cold.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/memory.hpp"
#include "../operations/threads.hpp"
#include "../payload.hpp"
#include "../peer.hpp"

namespace benchmarks {
namespace {

struct qt_family {
  using strong = QSharedPointer<plain_payload>;
  using weak = QWeakPointer<plain_payload>;
  static strong make() { return strong::create(); }
  static strong lock(const weak& reference) noexcept { return reference.toStrongRef(); }
};

/// An object that its only owner deletes, and pointers that tell whether it is there.
struct guarded_family {
  class strong {
   public:
    explicit strong(QObject* object) : object_(object) {}
    strong(const strong&) = delete;
    strong& operator=(const strong&) = delete;
    ~strong() { reset(); }
    [[nodiscard]] QObject* get() const { return object_; }
    void reset() {
      delete object_;
      object_ = nullptr;
    }

   private:
    QObject* object_;
  };
  class weak {
   public:
    explicit weak(const strong& owner) : pointer_(owner.get()) {}
    [[nodiscard]] QObject* get() const { return pointer_.data(); }

   private:
    QPointer<QObject> pointer_;
  };
  static strong make() { return strong(new QObject); }
  /// Holds nothing.
  struct borrowed {
    QObject* object;
    [[nodiscard]] QObject* get() const { return object; }
  };
  static borrowed lock(const weak& reference) { return {reference.get()}; }
};

std::size_t fired_callbacks = 0;

class watched {
 public:
  explicit watched(std::size_t callbacks) : object_(new QObject) {
    for (std::size_t i = 0; i < callbacks; ++i) {
      QObject::connect(object_, &QObject::destroyed, [] { ++fired_callbacks; });
    }
  }
  void die() { delete object_; }
  static std::size_t fired() { return fired_callbacks; }

 private:
  QObject* object_;
};

void callback_reference(benchmark::State& state) {
  QObject object;
  for (auto _ : state) {
    const auto connection = QObject::connect(&object, &QObject::destroyed, [] { ++fired_callbacks; });
    QObject::disconnect(connection);
  }
}

void enter(const selection& chosen) {
  const contender as("Qt");
  if (chosen.which == selection::group::threads) enter_threads_deref<qt_family>(as);
  if (chosen.which == selection::group::cold) each_cold_operation<qt_family, benchmark::State>(as);
  if (chosen.which == selection::group::callbacks) enter_callbacks_at_death<watched>(as, chosen);
  if (chosen.which != selection::group::operations) return;
  each_operation_on_handles<qt_family, benchmark::State>(as);
  each_lifetime<qt_family, benchmark::State>(as);
  each_memory<qt_family, benchmark::State>(as);
  as("callback_reference", callback_reference);
  as("sixteen_callbacks", sixteen_callbacks<watched>);
  const contender as_guarded("Qt QPointer (holds nothing)");
  as_guarded("deref", deref<guarded_family, benchmark::State>);
  as_guarded("further_reference", further_reference<guarded_family, benchmark::State>);
  as_guarded("lifetime_with_reference", lifetime_with_reference<guarded_family, benchmark::State>);
}

const peer qt("Qt", QT_VERSION_STR, enter);

}  // namespace
}  // namespace benchmarks
