module;

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

export module oracle:operation;

import :machine;
import :program;
import :thing;
import :value;

namespace oracle {

/// The index of a type of values.
template <class A, std::size_t I = 0>
consteval std::size_t kind_of() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, AnyValue>, A>) {
    return I;
  } else {
    return kind_of<A, I + 1>();
  }
}

/// A statement and what its operands are.
export class Call {
 public:
  Call(const Statement& statement, std::span<const Value> values, const Value& owned)
      : statement_(statement),
        values_(values),
        owned_(owned) {}

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] const std::string& word(std::size_t i) const {
    if (i >= values_.size()) throw Inapplicable();
    return statement_.operands[i];
  }
  [[nodiscard]] const Value& value(std::size_t i) const {
    if (i >= values_.size()) throw Inapplicable();
    return values_[i];
  }
  template <class A>
  [[nodiscard]] const A& as(std::size_t i) const {
    const A* const found = std::get_if<A>(&value(i));
    if (found == nullptr) throw Inapplicable();
    return *found;
  }
  /// A thing, or None.
  [[nodiscard]] Object thing(std::size_t i) const { return thing(value(i)); }
  [[nodiscard]] Object owned() const { return thing(owned_); }
  [[nodiscard]] const std::string& block() const noexcept { return statement_.block; }
  [[nodiscard]] bool has_block() const noexcept { return !statement_.block.empty(); }
  [[nodiscard]] Callback callback() const { return {machine().current(), block(), owned()}; }

 private:
  static Object thing(const Value& value) {
    if (std::holds_alternative<std::nullptr_t>(value)) return nullptr;
    const Object* const found = std::get_if<Object>(&value);
    if (found == nullptr) throw Inapplicable();
    return *found;
  }

  const Statement& statement_;
  const std::span<const Value> values_;
  const Value& owned_;
};

export using Operation = Value (*)(const Call& call);

/// What verbs do, by the type of their first operand.
export class Operations {
 public:
  /// Knows all.
  Operations();

  /// Null: not applicable.
  [[nodiscard]] Operation find(const std::string& verb, const Value& first) const;

  template <class... First>
  void add(std::string_view verb, Operation operation) {
    (operations_.insert_or_assign({std::string(verb), kind_of<First>()}, operation), ...);
  }
  void add_for_any(std::string_view verb, Operation operation) {
    operations_.insert_or_assign({std::string(verb), std::variant_npos}, operation);
  }

 private:
  std::map<std::pair<std::string, std::size_t>, Operation> operations_;
};

}  // namespace oracle
