#pragma once

#include <Python.h>

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <utility>

namespace benchmarks::cpython {

/// An owner of a Python object. What goes wrong in Python ends the program.
class object {
 public:
  object() = default;
  /// Takes over a new reference.
  explicit object(PyObject* owned) : object_(owned) {
    if (object_ != nullptr) return;
    PyErr_Print();
    std::abort();
  }
  object(const object& other) : object_(Py_NewRef(other.object_)) {}
  object(object&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  object& operator=(object other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~object() { Py_XDECREF(object_); }
  void reset() { Py_CLEAR(object_); }
  [[nodiscard]] PyObject* get() const { return object_; }

  [[nodiscard]] object member(const char* name) const {
    return object(PyObject_GetAttrString(object_, name));
  }
  object operator()() const { return object(PyObject_CallNoArgs(object_)); }
  object operator()(const object& argument) const {
    return object(PyObject_CallOneArg(object_, argument.object_));
  }
  object operator()(const object& first, const object& second) const {
    PyObject* const arguments[] = {first.object_, second.object_};
    return object(PyObject_Vectorcall(object_, arguments, 2, nullptr));
  }

 private:
  PyObject* object_ = nullptr;
};

/// The main module of an interpreter that is started at the first call, with what both files of measurements
/// use.
inline const object& main_module() {
  static const object module = [] {
    Py_InitializeEx(0);
    object started(PyImport_ImportModule("__main__"));
    PyRun_SimpleString(
        "import atexit, weakref\n"
        "class Payload:\n"
        "  __slots__ = ('a', 'b', 'c', 'd', '__weakref__')\n"
        "  def __init__(self): self.a = 1\n"
        "  def first(self): return self.a\n"
        "class Bare:\n"
        "  __slots__ = ('a', 'b', 'c', 'd', '__weakref__')\n"
        "class Named:\n"
        "  __slots__ = ('name', '__weakref__')\n"
        "  def __init__(self, name): self.name = name\n"
        "  def __hash__(self): return hash(self.name)\n"
        "  def __eq__(self, other): return self.name == other.name\n");
    return started;
  }();
  return module;
}

inline object global(const char* name) { return main_module().member(name); }

}  // namespace benchmarks::cpython
