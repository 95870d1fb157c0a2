#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <set>
#include <string_view>
#include <vector>

// The language: what each thread does, and what user code does in the middle of it.
//
// A thread has registers: owners o0…, references r0…, iterators i0…, a function f, and an owner of each
// container c0… that it knows. Threads share objects and containers; no thread touches the registers of
// another.

namespace stress {

struct worker;
struct operation;

/// What an operation is about; one that needs a container is for programs that have such a one.
enum class subject : std::uint8_t { registers, container, dictionary, value_dictionary, key_dictionary, set };

/// What one operation does. In `text` $o and $p stand for owners, $r and $q for references, $i for an
/// iterator, $c and $d for containers of one type, $k for a number, $x for a key of $c.
struct verb {
  std::string_view text;
  void (*run)(worker&, const operation&);
  subject about = subject::registers;
  bool alone = false;     // only one thread may know the container
  bool disturbs = false;  // a creation that is under way in the container
};

struct operation {
  const verb* does = nullptr;
  unsigned number = 0;  // in its program
  unsigned moment = 0;  // of something done meanwhile: at which piece of user code
  unsigned owner = 0, other_owner = 0, reference = 0, other_reference = 0, iterator = 0;
  unsigned container = 0, other_container = 0, key = 0;
  std::vector<operation> meanwhile;
};

enum class container_type : std::uint8_t {
  values,         // WeakValueDictionary<Key, Thing>
  plain_values,   // WeakValueDictionary<int, Thing>
  keys,           // WeakKeyDictionary<Thing, Value>
  plain_keys,     // WeakKeyDictionary<Thing, int>
  identity_keys,  // WeakIdKeyDictionary<Thing, Value>
  set,            // WeakSet<Thing>
  identity_set,   // WeakIdSet<Thing>
};
inline constexpr unsigned container_types = 7;

[[nodiscard]] std::string_view name(container_type type);
[[nodiscard]] bool is_about(subject about, container_type type);

struct container_plan {
  container_type type = container_type::values;
  std::vector<unsigned> threads;  // that know it

  [[nodiscard]] bool is_known_to(unsigned thread) const;
};

struct thing_plan {
  bool has_del = false;
  bool resurrects = false;        // in del()
  int owned = -1;                 // an earlier one that it owns
  std::vector<unsigned> threads;  // that own it at the beginning
};

struct program {
  std::uint64_t seed = 0;
  std::vector<thing_plan> things;
  std::vector<container_plan> containers;
  std::vector<std::vector<operation>> threads;
};

inline constexpr unsigned most_threads = 4;
inline constexpr std::size_t most_things = 4;  // at the beginning, and owners in a thread
inline constexpr std::size_t most_references = 6;
inline constexpr unsigned most_containers = 3;
inline constexpr unsigned most_iterators = 2;
inline constexpr unsigned most_keys = 3;

/// Calls the function with every operation, those done meanwhile included.
void for_each(const program& all, const std::function<void(unsigned thread, const operation&)>& visit);

/// The numbers of all operations.
using numbers = std::set<unsigned>;
[[nodiscard]] numbers numbers_of(const program& all);

/// The program without the operations that are not among `kept`.
[[nodiscard]] program only(program all, const numbers& kept);

/// Prints the program much as C++.
std::ostream& operator<<(std::ostream& out, const program& shown);

}  // namespace stress
