// Boost's pointers, and its flat map with a mutex.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>
#include <boost/smart_ptr/weak_ptr.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/version.hpp>

#include "../contender.hpp"
#include "../operations/cold.hpp"
#include "../operations/handles.hpp"
#include "../operations/lifetimes.hpp"
#include "../operations/memory.hpp"
#include "../operations/sizes.hpp"
#include "../operations/threads.hpp"
#include "../operations/value_dictionary.hpp"
#include "../payload.hpp"
#include "../peer.hpp"
#include "hand_written_dictionary.hpp"

namespace benchmarks {
namespace {

struct boost_family {
  using strong = boost::shared_ptr<plain_payload>;
  using weak = boost::weak_ptr<plain_payload>;
  static strong make() { return boost::make_shared<plain_payload>(); }
  static strong lock(const weak& reference) noexcept { return reference.lock(); }
};

/// Owners of one thread only, without atomics; has no weak references of its own.
struct local_family {
  using strong = boost::local_shared_ptr<plain_payload>;
  static strong make() { return boost::make_local_shared<plain_payload>(); }
};

struct counted : polymorphic, boost::intrusive_ref_counter<counted, boost::thread_safe_counter> {};

/// Counts inside the object; has no weak references.
struct intrusive_family {
  using strong = boost::intrusive_ptr<payload<counted>>;
  static strong make() { return strong(new payload<counted>); }
};

// The hash of all the others, so that only the tables differ; for numbers it has to be Boost's own, which
// mixes.
template <class Key>
using hash = std::conditional_t<std::is_integral_v<Key>, boost::hash<Key>, std::hash<Key>>;
template <class Key>
using flat_dictionary =
    map_with_mutex<boost::unordered_flat_map<Key, std::weak_ptr<plain_payload>, hash<Key>>>;

void enter(const selection& chosen) {
  const contender as("boost");
  const contender as_map("boost flat_map");
  switch (chosen.which) {
    case selection::group::operations:
      each_operation_on_handles<boost_family, benchmark::State>(as);
      each_lifetime<boost_family, benchmark::State>(as);
      each_memory<boost_family, benchmark::State>(as);
      contender("boost intrusive")("strong_copy", strong_copy<intrusive_family, benchmark::State>);
      contender("boost intrusive")("lifetime", lifetime<intrusive_family, benchmark::State>);
      contender("boost local")("strong_copy", strong_copy<local_family, benchmark::State>);
      contender("boost local")("lifetime", lifetime<local_family, benchmark::State>);
      break;
    case selection::group::dictionaries:
      enter_value_dictionary<flat_dictionary<std::string>>(as_map);
      break;
    case selection::group::cold:
      each_cold_operation<boost_family, benchmark::State>(as);
      break;
    case selection::group::sizes:
      enter_sizes<flat_dictionary<std::uint64_t>>(as_map, chosen);
      break;
    case selection::group::threads:
      enter_threads_deref<boost_family>(as);
      enter_threads_lookup<flat_dictionary<std::string>>(as_map);
      break;
    default:
      break;
  }
}

const peer boost_peer("Boost",
                      std::to_string(BOOST_VERSION / 100'000) + '.' +
                          std::to_string(BOOST_VERSION / 100 % 1000),
                      enter);

}  // namespace
}  // namespace benchmarks
