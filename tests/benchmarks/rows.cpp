#include "rows.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace benchmarks {

const std::array<row, 38> rows{{
    {"deref", "deref and release", "std", 0.15, 0.80},
    {"strong_copy", "strong copy and release", "std", 0.25, 0.80},
    {"further_reference", "further reference from an owner", "std", 1.0, 1.0},
    {"reference_copy", "copy of a reference", "std", 1.0, 1.0},
    {"lifetime_with_reference", "object with one reference, born and dead", "std", 0.85, 0.85},
    {"lifetime", "object born and dead", "std", 1.0, 1.0},
    {"large_lifetime", "object of % bytes, born and dead", "std", 1.15, 1.15},
    {"callback_reference", "callback reference made and dropped", "CPython", 1.0, 1.0},
    {"sixteen_callbacks", "object with 16 callbacks, made, fired, dropped", "CPython", 0.8, 0.8},
    {"dictionary_lookup", "value dictionary, look-up among 10,000", "boost flat_map", 0.85, 0.85},
    {"dictionary_insert", "value dictionary, insert and death", "std unordered_map", 0.5, 0.5},
    {"cold_deref", "cold deref and read, 1,000,000 objects", "std", 1.0, 1.0},
    {"threads_deref_shared:2", "deref, two threads on one object, wall", "std", 1.0, 1.0},
    {"finalize", "finalizer made and fired, with its object", "CPython", 0.1, 0.1},
    {"memory", "bytes for an object with 10 references", "std", 1.0, 1.0},
    {"compile", "milliseconds to compile `import weakref;` or `#include <memory>`", "std", 1.0, 1.0},

    {"large_outlived", "object of % bytes with one reference, born and dead", "std"},
    {"proxy_member", "`proxy->member`, or a checked `lock()`", "std"},
    {"method_call", "call of a weakly bound method, or of a function with a `weak_ptr`", "std"},
    {"weak_key_lookup", "WeakKeyDictionary, look-up among 10,000", "std unordered_map"},
    {"weak_key_insert", "WeakKeyDictionary, key made, entered and dead", "std unordered_map"},
    {"identity_lookup", "WeakIdKeyDictionary, look-up among 10,000", "std unordered_map"},
    {"identity_insert", "WeakIdKeyDictionary, key made, entered and dead", "std unordered_map"},
    {"weak_set_lookup", "WeakSet, look-up among 10,000", "std unordered_set"},
    {"weak_set_insert", "WeakSet, element made, entered and dead", "std unordered_set"},
    {"callbacks_at_death", "death of an object with callbacks: %; for each", "CPython"},
    {"exit_finalizers", "exit with 1,000,000 living finalizers, for each, wall", "CPython"},
    {"size_lookup", "value dictionary of %: look-up", "boost flat_map"},
    {"size_insert", "value dictionary of %: insert and death", "std unordered_map"},
    {"size_iterate", "value dictionary of %: iteration, for each step", "std unordered_map"},
    {"size_memory", "value dictionary of %: bytes for each entry and its value", "std unordered_map"},
    {"threads_deref_own", "deref, threads with an object each: %; wall", "std"},
    {"threads_deref_shared", "deref, threads on one object: %; wall", "std"},
    {"threads_lookup_own", "look-up in one dictionary, threads with keys of their own: %; wall", "oneTBB"},
    {"threads_lookup_shared", "look-up in one dictionary, threads with one key: %; wall", "oneTBB"},
    {"compile_user", "milliseconds to compile a small user", "std"},
    {"object_code", "bytes of code in a small user's object file", "std"},
    {"program_code", "bytes of code in its program, which has weakref's but not libstdc++'s", "std"},
}};

double row::ratio(const contenders& measured) const {
  const auto mine = measured.find(std::string(ours));
  const auto theirs = measured.find(std::string(peer));
  if (mine == measured.end() || theirs == measured.end() || theirs->second <= 0) return 0;
  return mine->second / theirs->second;
}

std::string text_of(const row& shown, const std::string& parameter) {
  std::string text(shown.text);
  const std::size_t place = text.find('%');
  if (place == std::string::npos) return text;
  std::string grouped = parameter;
  for (std::size_t left = grouped.size(); left > 3; left -= 3) grouped.insert(left - 3, ",");
  return text.replace(place, 1, grouped);
}

}  // namespace benchmarks
