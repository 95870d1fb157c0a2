// CPython's weak dictionaries and sets, as a program in Python uses them.

#include "cpython_object.hpp"

#include <cstddef>
#include <string>

#include "../contender.hpp"
#include "../operations/keyed.hpp"
#include "../operations/value_dictionary.hpp"
#include "../peer.hpp"

namespace benchmarks::cpython {
namespace {

class text : public object {
 public:
  explicit text(const std::string& characters) : object(PyUnicode_FromString(characters.c_str())) {}
};

object new_container(const char* type) { return global("weakref").member(type)(); }

void set_item(const object& container, const object& key, const object& value) {
  if (PyObject_SetItem(container.get(), key.get(), value.get()) != 0) PyErr_Print();
}

class value_dictionary {
 public:
  using key = text;
  using value = object;

  value insert_new(const key& name) {
    object made = payload_();
    set_item(dictionary_, name, made);
    return made;
  }
  value get(const key& name) { return object(PyObject_GetItem(dictionary_.get(), name.get())); }
  std::size_t size() { return static_cast<std::size_t>(PyObject_Size(dictionary_.get())); }

 private:
  object payload_ = global("Bare");
  object dictionary_ = new_container("WeakValueDictionary");
};

class key_dictionary {
 public:
  using object = cpython::object;
  object make(std::size_t i) { return type_(text("image-" + std::to_string(i))); }
  void add(const object& key) { set_item(dictionary_, key, one_); }
  PyObject* find(const object& key) { return object(PyObject_GetItem(dictionary_.get(), key.get())).get(); }
  std::size_t size() { return static_cast<std::size_t>(PyObject_Size(dictionary_.get())); }

 private:
  object type_ = global("Named");
  object one_{PyLong_FromLong(1)};
  object dictionary_ = new_container("WeakKeyDictionary");
};

class set {
 public:
  using object = cpython::object;
  object make(std::size_t) { return type_(); }
  void add(const object& element) { add_(element); }
  int find(const object& element) { return PySequence_Contains(set_.get(), element.get()); }
  std::size_t size() { return static_cast<std::size_t>(PyObject_Size(set_.get())); }

 private:
  object type_ = global("Bare");
  object set_ = new_container("WeakSet");
  object add_ = set_.member("add");
};

void enter(const selection& chosen) {
  if (chosen.which != selection::group::dictionaries) return;
  const contender as("CPython");
  enter_value_dictionary<value_dictionary>(as);
  enter_keyed<key_dictionary>(as, "weak_key");
  enter_keyed<set>(as, "weak_set");
}

const peer containers("CPython", "", enter);

}  // namespace
}  // namespace benchmarks::cpython
