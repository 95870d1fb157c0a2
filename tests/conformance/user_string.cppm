module;

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

export module weakref.conformance.user_string;

import weakref;

// What CPython's TestWeakSet puts into its sets.

/// Equal by its text.
export struct UserString : weakref::object {
  explicit UserString(char c) : data(c) {}
  friend bool operator==(const UserString& a, const UserString& b) { return a.data == b.data; }
  char data;
};

template <>
struct std::hash<UserString> {
  std::size_t operator()(const UserString& x) const { return std::hash<char>()(x.data); }
};

export using String = weakref::strong_ref<UserString>;
export using Strings = std::vector<String>;
export using Set = weakref::WeakSet<UserString>;

export const std::string ascii_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

export Strings strings(const std::string& letters) {
  Strings made;
  for (const char c : letters) made.push_back(weakref::make<UserString>(c));
  return made;
}

export bool in(const String& string, const Strings& list) {
  for (const String& other : list) {
    if (*string == *other) return true;
  }
  return false;
}
