module;

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

export module oracle:thing;

import weakref;

// What programs refer to.

namespace oracle {

export struct Value;

/// Runs of programs are numbered; what an earlier one left behind does nothing and says nothing any more.
export using Run = std::uint64_t;

/// An object of a program: has members, which it owns, and perhaps a value, by which it is equal to others.
export class Thing : public weakref::object {
 public:
  explicit Thing(std::optional<std::size_t> value);
  ~Thing() override;
  Thing(const Thing&) = delete;
  Thing& operator=(const Thing&) = delete;

  [[nodiscard]] std::size_t number() const noexcept { return number_; }
  [[nodiscard]] std::size_t hash() const noexcept { return value_ ? *value_ % 3 : 1000 + number_; }

  void set(const std::string& member, Value value);
  [[nodiscard]] Value get(const std::string& member) const;
  bool erase(const std::string& member);
  [[nodiscard]] bool contains(const std::string& member) const;
  [[nodiscard]] std::size_t size() const noexcept;
  void clear();

  /// Runs the block of the statement that compares, if it has one.
  friend bool operator==(const Thing& a, const Thing& b);

 protected:
  [[nodiscard]] Run run() const noexcept { return run_; }

 private:
  const Run run_;
  const std::size_t number_;
  const std::optional<std::size_t> value_;
  std::vector<std::pair<std::string, Value>> members_;
};

/// One with a del() that runs a block.
export class HookedThing final : public Thing {
 public:
  HookedThing(std::optional<std::size_t> value, std::string block);

 protected:
  void del() override;

 private:
  const std::string block_;
};

/// One whose memory is given back though references remain.
export class LargeThing final : public Thing {
 public:
  using Thing::Thing;

 private:
  [[maybe_unused]] std::byte body_[5000] = {};
};

/// A function that is an object, and may die: runs a block.
export class Function final : public weakref::object {
 public:
  explicit Function(std::string block);
  void operator()(Thing& self) const;
  [[nodiscard]] const std::string& block() const noexcept { return block_; }

 private:
  const Run run_;
  const std::string block_;
};

}  // namespace oracle

template <>
struct std::hash<oracle::Thing> {
  std::size_t operator()(const oracle::Thing& x) const noexcept { return x.hash(); }
};
