module;

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

export module oracle:dictionary;

import :machine;
import :operation;
import :thing;
import :value;
import weakref;

// What all dictionaries do. How keys and values are written in a program is a dictionary's own: see
// dictionary_words.

namespace oracle {

/// key(call, i), value(call, i); and show and value_of of keys and values.
template <class D>
struct dictionary_words;

template <class D>
D& dictionary_in(const Call& call, std::size_t i = 0) {
  return *call.as<std::shared_ptr<D>>(i);
}

inline Object thing_of(const Object& value) { return value; }
inline Object thing_of(const Owner& value) { return value.thing; }

template <class D>
std::string show_item(const typename D::value_type& item) {
  return dictionary_words<D>::show_key(item.first) + ": " + show(thing_of(item.second));
}

/// A value, or None.
template <class V>
Object found_in(const V& found) {
  if constexpr (std::same_as<V, Object>) {
    return found;
  } else {
    return found == weakref::None ? Object() : thing_of(*found);
  }
}

template <class D>
void add_look_ups(Operations& operations) {
  using kind = std::shared_ptr<D>;
  using words = dictionary_words<D>;
  operations.add<kind>("item", [](const Call& call) {
    return value_of(thing_of(dictionary_in<D>(call).at(words::key(call, 1))));
  });
  operations.add<kind>("get", [](const Call& call) {
    const D& dictionary = dictionary_in<D>(call);
    if (call.size() > 2) return value_of(thing_of(dictionary.get(words::key(call, 1), call.thing(2))));
    return value_of(found_in(dictionary.get(words::key(call, 1))));
  });
  operations.add<kind>("contains", [](const Call& call) {
    return Value(dictionary_in<D>(call).contains(words::key(call, 1)));
  });
  operations.add<kind>("len", [](const Call& call) { return Value(len(dictionary_in<D>(call))); });
  operations.add<kind>(
      "eq", [](const Call& call) { return Value(dictionary_in<D>(call) == dictionary_in<D>(call, 1)); });
  operations.add<kind>("items", [](const Call& call) {
    std::string text;
    for (const auto& item : dictionary_in<D>(call).items()) {
      text += (text.empty() ? "" : ", ") + show_item<D>(item);
    }
    return Value("{" + text + "}");
  });
}

template <class D>
void add_changes(Operations& operations) {
  using kind = std::shared_ptr<D>;
  using words = dictionary_words<D>;
  operations.add<kind>("set", [](const Call& call) {
    dictionary_in<D>(call)[words::key(call, 1)] = call.thing(2);
    return Value();
  });
  operations.add<kind>("del", [](const Call& call) {
    dictionary_in<D>(call).del(words::key(call, 1));
    return Value();
  });
  operations.add<kind>("pop", [](const Call& call) {
    D& dictionary = dictionary_in<D>(call);
    if (call.size() > 2) return value_of(thing_of(dictionary.pop(words::key(call, 1), call.thing(2))));
    return value_of(thing_of(dictionary.pop(words::key(call, 1))));
  });
  operations.add<kind>(
      "popitem", [](const Call& call) { return Value(show_item<D>(dictionary_in<D>(call).popitem())); });
  operations.add<kind>("setdefault", [](const Call& call) {
    return value_of(thing_of(dictionary_in<D>(call).setdefault(words::key(call, 1), call.thing(2))));
  });
  operations.add<kind>("clear", [](const Call& call) {
    dictionary_in<D>(call).clear();
    return Value();
  });
}

template <class D>
void add_joins(Operations& operations) {
  using kind = std::shared_ptr<D>;
  operations.add<kind>("update", [](const Call& call) {
    dictionary_in<D>(call).update(dictionary_in<D>(call, 1));
    return Value();
  });
  operations.add<kind>(
      "copy", [](const Call& call) { return Value(std::make_shared<D>(dictionary_in<D>(call).copy())); });
  operations.add<kind>("|", [](const Call& call) {
    return Value(std::make_shared<D>(dictionary_in<D>(call) | dictionary_in<D>(call, 1)));
  });
  operations.add<kind>("|=", [](const Call& call) {
    dictionary_in<D>(call) |= dictionary_in<D>(call, 1);
    return call.value(0);
  });
}

template <class D>
void add_dictionary(Operations& operations) {
  add_look_ups<D>(operations);
  add_changes<D>(operations);
  add_joins<D>(operations);
}

}  // namespace oracle
