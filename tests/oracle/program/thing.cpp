module;

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

module oracle;

import weakref;

namespace oracle {
namespace {

/// Things that make and drop things without end die one in another; how deep deaths nest before they are put
/// off is nobody's promise.
constexpr std::size_t last_to_run_a_block = 20;

}  // namespace

Thing::Thing(std::optional<std::size_t> value)
    : run_(machine().current()),
      number_(machine().enter(*this)),
      value_(value) {}

Thing::~Thing() {
  machine().leave(*this, run_);
  clear();
}

std::size_t Thing::size() const noexcept { return members_.size(); }

void Thing::clear() {
  // In the order in which they were set, which a vector does not promise.
  for (auto& [name, value] : members_) {
    const Value dropped = std::exchange(value, Value());
  }
  members_.clear();
}

void Thing::set(const std::string& member, Value value) {
  const auto found = std::ranges::find(members_, member, [](const auto& entry) { return entry.first; });
  if (found == members_.end()) {
    members_.emplace_back(member, std::move(value));
  } else {
    const Value dropped = std::exchange(found->second, std::move(value));
  }
}

Value Thing::get(const std::string& member) const {
  const auto found = std::ranges::find(members_, member, [](const auto& entry) { return entry.first; });
  return found == members_.end() ? Value() : found->second;
}

bool Thing::erase(const std::string& member) {
  const auto found = std::ranges::find(members_, member, [](const auto& entry) { return entry.first; });
  if (found == members_.end()) return false;
  const Value dropped = std::move(found->second);
  members_.erase(found);
  return true;
}

bool Thing::contains(const std::string& member) const {
  return std::ranges::find(members_, member, [](const auto& entry) { return entry.first; }) != members_.end();
}

bool operator==(const Thing& a, const Thing& b) {
  if (machine().is_running(a.run_)) machine().interrupt();
  return &a == &b || (a.value_ && a.value_ == b.value_);
}

HookedThing::HookedThing(std::optional<std::size_t> value, std::string block)
    : Thing(value),
      block_(std::move(block)) {}

void HookedThing::del() {
  if (!machine().is_running(run())) return;
  machine().emit("del #" + std::to_string(number()));
  if (number() > last_to_run_a_block) return;
  machine().run_block(run(), block_, weakref::strong_ref<Thing>(this));
}

Function::Function(std::string block) : run_(machine().current()), block_(std::move(block)) {}

void Function::operator()(Thing& self) const {
  machine().run_block(run_, block_, weakref::strong_ref<Thing>(&self));
}

void Callback::call(Value dead) const { machine().run_block(run, block, std::move(dead)); }

std::string Action::operator()(const Object& argument) const {
  machine().run_block(run, block, value_of(argument));
  return "done";
}

bool operator==(const Owner& a, const Owner& b) {
  if (a.thing == weakref::None || b.thing == weakref::None) return a.thing == b.thing;
  return *a.thing == *b.thing;
}

}  // namespace oracle
