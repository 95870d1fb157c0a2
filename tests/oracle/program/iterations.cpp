module;

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

module oracle;

import weakref;

namespace oracle {

void add_iterations(Operations& operations);

namespace {

using Step = std::pair<std::string, Value>;

Step step(const std::string& key) { return {key, key}; }
Step step(const Object& thing) { return {show(thing), value_of(thing)}; }
Step step(const Owner& owner) { return step(owner.thing); }
Step step(const KeyedReference& reference) { return {show(Value(reference)), reference}; }
template <class K, class V>
Step step(const std::pair<K, V>& item) {
  return {step(item.first).first + ": " + step(item.second).first, step(item.second).second};
}

/// Begins when it is made, and takes its first step when it is asked to.
template <class Walk>
class walk_iteration final : public Iteration {
 public:
  explicit walk_iteration(const Walk& walk) : walk_(walk) {}

  std::optional<Step> next() override {
    if (!at_) {
      at_.emplace(walk_->begin());
      walk_.reset();
    } else if (*at_ != end()) {
      ++*at_;
    }
    if (*at_ == end()) return std::nullopt;
    return step(**at_);
  }

 private:
  using iterator = decltype(std::declval<const Walk&>().begin());
  static iterator end() { return {}; }

  std::optional<Walk> walk_;
  std::optional<iterator> at_;
};

template <class Walk>
Value iteration(const Walk& walk) {
  return std::shared_ptr<Iteration>(std::make_shared<walk_iteration<Walk>>(walk));
}

template <class D>
Value iterate_dictionary(const Call& call) {
  const D& dictionary = dictionary_in<D>(call);
  const std::string kind = call.size() > 1 ? call.word(1) : "keys";
  if (kind == "values") return iteration(dictionary.values());
  if (kind == "items") return iteration(dictionary.items());
  if constexpr (requires { dictionary.itervaluerefs(); }) {
    if (kind == "refs") return iteration(dictionary.itervaluerefs());
  }
  return iteration(dictionary.keys());
}

/// A set is the range itself: its walk begins with the first step.
template <class S>
class set_iteration final : public Iteration {
 public:
  explicit set_iteration(const S& set) : at_(set.begin()) {}

  std::optional<Step> next() override {
    if (started_ && at_ != typename S::iterator()) ++at_;
    started_ = true;
    if (at_ == typename S::iterator()) return std::nullopt;
    return step(*at_);
  }

 private:
  typename S::iterator at_;
  bool started_ = false;
};

template <class S>
Value iterate_set(const Call& call) {
  return std::shared_ptr<Iteration>(std::make_shared<set_iteration<S>>(set_in<S>(call)));
}

}  // namespace

void add_iterations(Operations& operations) {
  operations.add<std::shared_ptr<ValueDictionary>>("iter", iterate_dictionary<ValueDictionary>);
  operations.add<std::shared_ptr<KeyDictionary>>("iter", iterate_dictionary<KeyDictionary>);
  operations.add<std::shared_ptr<IdKeyDictionary>>("iter", iterate_dictionary<IdKeyDictionary>);
  operations.add<std::shared_ptr<Set>>("iter", iterate_set<Set>);
  operations.add<std::shared_ptr<IdSet>>("iter", iterate_set<IdSet>);
  operations.add<std::shared_ptr<Iteration>>("next", [](const Call& call) {
    const std::shared_ptr<Iteration> iteration = call.as<std::shared_ptr<Iteration>>(0);
    auto found = iteration->next();
    if (!found) throw Ended();
    return std::move(found->second);
  });
}

}  // namespace oracle
