// CPython's references, through its C API: what the interpreter's own loop costs is not in the figures.

#include "cpython_object.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <vector>

#include <benchmark/benchmark.h>

#include "../contender.hpp"
#include "../keep.hpp"
#include "../operations/callbacks.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/uses.hpp"
#include "../peer.hpp"

namespace benchmarks::cpython {
namespace {

std::size_t fired_callbacks = 0;

extern "C" {
static PyObject* count_call(PyObject*, PyObject*) {
  ++fired_callbacks;
  Py_RETURN_NONE;
}
static PyObject* count_call_without_arguments(PyObject*, PyObject*) {
  ++fired_callbacks;
  Py_RETURN_NONE;
}
}

/// A function written in C, the quickest that CPython can call.
const object& counting_callback() {
  static PyMethodDef definition{"count", count_call, METH_O, nullptr};
  static const object function(PyCFunction_New(&definition, nullptr));
  return function;
}

const object& counting_function() {
  static PyMethodDef definition{"count", count_call_without_arguments, METH_NOARGS, nullptr};
  static const object function(PyCFunction_New(&definition, nullptr));
  return function;
}

object make_payload() {
  static const object type = global("Bare");
  return type();
}

struct family {
  using strong = object;
  class weak {
   public:
    explicit weak(const object& referent) : reference_(PyWeakref_NewRef(referent.get(), nullptr)) {}
    [[nodiscard]] object lock() const {
#if PY_VERSION_HEX >= 0x030D0000
      PyObject* referent = nullptr;
      PyWeakref_GetRef(reference_.get(), &referent);
      return object(referent);
#else
      return object(Py_NewRef(PyWeakref_GetObject(reference_.get())));
#endif
    }

   private:
    object reference_;
  };
  static strong make() { return make_payload(); }
  static strong lock(const weak& reference) { return reference.lock(); }
};

object reference_with_callback(const object& referent) {
  return object(PyWeakref_NewRef(referent.get(), counting_callback().get()));
}

void callback_reference(benchmark::State& state) {
  const object owner = make_payload();
  for (auto _ : state) keep(reference_with_callback(owner).get());
}

class watched {
 public:
  explicit watched(std::size_t callbacks) {
    references_.reserve(callbacks);
    for (std::size_t i = 0; i < callbacks; ++i) references_.push_back(reference_with_callback(owner_));
  }
  void die() { owner_.reset(); }
  static std::size_t fired() { return fired_callbacks; }

 private:
  object owner_ = make_payload();
  std::vector<object> references_;
};

class proxy_member {
 public:
  PyObject* operator()() const { return object(PyObject_GetAttr(proxy_.get(), name_.get())).get(); }

 private:
  object owner_ = global("Payload")();
  object proxy_{PyWeakref_NewProxy(owner_.get(), nullptr)};
  object name_{PyUnicode_InternFromString("a")};
};

class method_call {
 public:
  PyObject* operator()() const { return method_()().get(); }

 private:
  object owner_ = global("Payload")();
  object method_ = global("weakref").member("WeakMethod")(owner_.member("first"));
};

class finalized {
 public:
  std::size_t operator()() {
    object owner = make_payload();
    finalize_(owner, counting_function());
    owner.reset();
    return fired_callbacks;
  }

 private:
  object finalize_ = global("weakref").member("finalize");
};

void enter(const selection& chosen) {
  const contender as("CPython");
  if (chosen.which == selection::group::callbacks) enter_callbacks_at_death<watched>(as, chosen);
  if (chosen.which != selection::group::operations) return;
  main_module();  // no operation shall pay for the start
  each_operation_on_handles<family, benchmark::State>(as);
  each_lifetime<family, benchmark::State>(as);
  as("callback_reference", callback_reference);
  as("sixteen_callbacks", sixteen_callbacks<watched>);
  as("proxy_member", use<proxy_member>);
  as("method_call", use<method_call>);
  as("finalize", use<finalized>);
}

void leave_finalizers(std::size_t count) {
  main_module();
  const object finalize = global("weakref").member("finalize");
  auto* const owners = new std::vector<object>;  // alive at exit
  for (std::size_t i = 0; i < count; ++i) {
    owners->push_back(make_payload());
    finalize(owners->back(), counting_function());
  }
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  global("atexit").member("_run_exitfuncs")();
  const std::chrono::duration<double, std::nano> wall = clock::now() - start;
  if (fired_callbacks != count) std::abort();
  std::cout << wall.count() / static_cast<double>(count) << std::endl;
}

const peer references("CPython", PY_VERSION, enter, leave_finalizers);

}  // namespace
}  // namespace benchmarks::cpython
