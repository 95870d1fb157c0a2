#include "targets.hpp"

#include <array>

namespace benchmarks {

const std::array<target, 13> targets{{
    {"deref", "deref and release", "std", 0.15, 0.80},
    {"strong_copy", "strong copy and release", "std", 0.25, 0.80},
    {"further_reference", "further reference from an owner", "std", 1.0, 1.0},
    {"reference_copy", "copy of a reference", "std", 1.0, 1.0},
    {"lifetime_with_reference", "object with one reference, born and dead", "std", 0.85, 0.85},
    {"lifetime", "object born and dead", "std", 1.0, 1.0},
    {"callback_reference", "callback reference made and dropped", "CPython", 1.0, 1.0},
    {"sixteen_callbacks", "object with 16 callbacks, made, fired, dropped", "CPython", 0.8, 0.8},
    {"dictionary_lookup", "value dictionary, look-up among 10,000", "boost flat_map", 0.85, 0.85},
    {"dictionary_insert", "value dictionary, insert and death", "std unordered_map", 0.5, 0.5},
    {"cold_deref", "cold deref and read, 1,000,000 objects", "std", 1.0, 1.0},
    {"contended_deref", "deref, two threads on one object, wall", "std", 1.0, 1.0},
    {"memory", "bytes for an object with 10 references", "std", 1.0, 1.0},
}};

}  // namespace benchmarks
