module;

#include <cstddef>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

export module oracle:set;

import :operation;
import :thing;
import :value;
import weakref;

// What weak sets are given: another set, or things.

namespace oracle {

template <class S>
S& set_in(const Call& call, std::size_t i = 0) {
  return *call.as<std::shared_ptr<S>>(i);
}

inline std::vector<Object> things_in(const Call& call, std::size_t from) {
  std::vector<Object> things;
  for (std::size_t i = from; i < call.size(); ++i) things.push_back(call.thing(i));
  return things;
}

/// Calls `use` with the set that comes second, or with the things from there on.
template <class S, class Use>
Value with_elements(const Call& call, Use use) {
  if (call.size() > 1 && std::holds_alternative<std::shared_ptr<S>>(call.value(1))) {
    return use(set_in<S>(call), set_in<S>(call, 1));
  }
  return use(set_in<S>(call), things_in(call, 1));
}

template <class S>
Value made(S set) {
  return std::make_shared<S>(std::move(set));
}

}  // namespace oracle
