module;

#include <cstddef>
#include <memory>

module oracle;

import weakref;

namespace oracle {

void add_set_algebra(Operations& operations);

namespace {

template <class S>
void add_named(Operations& operations) {
  using kind = std::shared_ptr<S>;
  operations.add<kind>("union", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return made(s.union_(other)); });
  });
  operations.add<kind>("intersection", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return made(s.intersection(other)); });
  });
  operations.add<kind>("difference", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return made(s.difference(other)); });
  });
  operations.add<kind>("symmetric_difference", [](const Call& call) {
    return with_elements<S>(call,
                            [](S& s, const auto& other) { return made(s.symmetric_difference(other)); });
  });
  operations.add<kind>("issubset", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return Value(s.issubset(other)); });
  });
  operations.add<kind>("issuperset", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return Value(s.issuperset(other)); });
  });
  operations.add<kind>("isdisjoint", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return Value(s.isdisjoint(other)); });
  });
}

template <class S>
void add_updates(Operations& operations) {
  using kind = std::shared_ptr<S>;
  operations.add<kind>("update", [](const Call& call) {
    return with_elements<S>(call, [](S& s, const auto& other) { return s.update(other), Value(); });
  });
  operations.add<kind>("intersection_update", [](const Call& call) {
    return with_elements<S>(call,
                            [](S& s, const auto& other) { return s.intersection_update(other), Value(); });
  });
  operations.add<kind>("difference_update", [](const Call& call) {
    return with_elements<S>(call,
                            [](S& s, const auto& other) { return s.difference_update(other), Value(); });
  });
  operations.add<kind>("symmetric_difference_update", [](const Call& call) {
    return with_elements<S>(
        call, [](S& s, const auto& other) { return s.symmetric_difference_update(other), Value(); });
  });
}

template <class S>
void add_operators(Operations& operations) {
  using kind = std::shared_ptr<S>;
  operations.add<kind>("|", [](const Call& call) { return made(set_in<S>(call) | set_in<S>(call, 1)); });
  operations.add<kind>("&", [](const Call& call) { return made(set_in<S>(call) & set_in<S>(call, 1)); });
  operations.add<kind>("-", [](const Call& call) { return made(set_in<S>(call) - set_in<S>(call, 1)); });
  operations.add<kind>("^", [](const Call& call) { return made(set_in<S>(call) ^ set_in<S>(call, 1)); });
  operations.add<kind>("|=",
                       [](const Call& call) { return set_in<S>(call) |= set_in<S>(call, 1), call.value(0); });
  operations.add<kind>("&=",
                       [](const Call& call) { return set_in<S>(call) &= set_in<S>(call, 1), call.value(0); });
  operations.add<kind>("-=",
                       [](const Call& call) { return set_in<S>(call) -= set_in<S>(call, 1), call.value(0); });
  operations.add<kind>("^=",
                       [](const Call& call) { return set_in<S>(call) ^= set_in<S>(call, 1), call.value(0); });
  operations.add<kind>("eq", [](const Call& call) { return Value(set_in<S>(call) == set_in<S>(call, 1)); });
  operations.add<kind>("<=", [](const Call& call) { return Value(set_in<S>(call) <= set_in<S>(call, 1)); });
  operations.add<kind>(">=", [](const Call& call) { return Value(set_in<S>(call) >= set_in<S>(call, 1)); });
  operations.add<kind>("<", [](const Call& call) { return Value(set_in<S>(call) < set_in<S>(call, 1)); });
  operations.add<kind>(">", [](const Call& call) { return Value(set_in<S>(call) > set_in<S>(call, 1)); });
}

}  // namespace

void add_set_algebra(Operations& operations) {
  add_named<Set>(operations);
  add_named<IdSet>(operations);
  add_updates<Set>(operations);
  add_updates<IdSet>(operations);
  add_operators<Set>(operations);
  add_operators<IdSet>(operations);
}

}  // namespace oracle
