module;

#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

module oracle;

import weakref;

namespace oracle {
namespace {

constexpr std::size_t most_steps = 300;
constexpr std::size_t deepest = 12;
constexpr std::size_t most_rounds = 5;  // of dropping variables, which may be set again meanwhile

const Operations& operations() {
  static const auto& all = *new Operations;
  return all;
}

/// What a statement works with. It goes when the statement is done: the result first, then the operands, last
/// first.
struct Workings {
  std::vector<Value> operands;
  Value owned;
  Value result;

  Workings() = default;
  Workings(const Workings&) = delete;
  Workings& operator=(const Workings&) = delete;
  ~Workings() {
    {
      const Value dropped = std::exchange(result, Value());
    }
    {
      const Value dropped = std::exchange(owned, Value());
    }
    while (!operands.empty()) operands.pop_back();
  }
};

}  // namespace

Machine& machine() {
  static auto& only = *new Machine;
  return only;
}

void Machine::run(const Program& program) {
  program_ = &program;
  ++run_;
  things_ = steps_ = depth_ = 0;
  execute(program.statements);
  if (!program.exits) finish();
}

void Machine::finish() {
  emit("the end");
  drop_variables();
  abandon_the_rest();
  program_ = nullptr;
}

void Machine::drop_variables() {
  bool dropped_any = true;
  for (std::size_t round = 0; dropped_any && round < most_rounds; ++round) {
    dropped_any = false;
    std::vector<std::string> names;
    for (const auto& [name, value] : variables_) names.push_back(name);
    for (const std::string& name : names) {
      const Value dropped = std::exchange(variables_[name], Value());
      dropped_any = dropped_any || !same(dropped, Value());
    }
  }
}

/// What owns itself in a circle would be there forever.
void Machine::abandon_the_rest() {
  ++run_;
  variables_.clear();
  std::vector<Object> rest;
  for (Thing* const thing : living_) rest.emplace_back(thing);
  living_.clear();
  for (const Object& thing : rest) thing->clear();
}

std::size_t Machine::enter(Thing& made) {
  living_.insert(&made);
  return ++things_;
}

void Machine::leave(Thing& dead, Run run) {
  living_.erase(&dead);
  if (is_running(run)) emit("dies #" + std::to_string(dead.number()));
}

Value Machine::value_of(const std::string& name) const {
  if (name == "it" && it_ != nullptr) return *it_;
  const auto found = variables_.find(name);
  return found == variables_.end() ? Value() : found->second;
}

void Machine::assign(const std::string& name, const Value& value) {
  Value& variable = name == "it" && it_ != nullptr ? *it_ : variables_[name];
  const Value old = std::exchange(variable, value);
}

void Machine::execute(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    if (++steps_ > most_steps) {
      if (steps_ == most_steps + 1) emit("out of steps");
      return;
    }
    if (statement.verb == "raise") {
      const std::string name = statement.operands.empty() ? "nothing" : statement.operands.front();
      emit(std::to_string(statement.line) + " raises " + name);
      if (depth_ > 0) throw Raised{name};
      return;
    }
    execute(statement);
  }
}

void Machine::execute(const Statement& statement) {
  Workings workings;
  for (const std::string& word : statement.operands) workings.operands.push_back(value_of(word));
  workings.owned = value_of(statement.owned);
  const Value none;
  const Value& first = workings.operands.empty() ? none : workings.operands.front();
  const Operation operation = operations().find(statement.verb, first);
  std::string text = std::to_string(statement.line) + ' ';
  bool done = false;
  if (!statement.meanwhile.empty()) armed_ = statement.meanwhile;
  try {
    if (operation == nullptr) throw Inapplicable();
    workings.result = operation(Call(statement, workings.operands, workings.owned));
    text += show(workings.result);
    done = true;
  } catch (...) {
    text += describe(std::current_exception());
  }
  if (!statement.meanwhile.empty()) armed_.clear();
  emit(text);
  if (done && !statement.target.empty()) assign(statement.target, workings.result);
}

void Machine::run_block(Run run, const std::string& block, Value it) {
  if (!is_running(run)) return;
  Value frame = std::move(it);
  emit("block " + block + ": " + show(frame));
  const auto found = program_->blocks.find(block);
  if (found == program_->blocks.end() || depth_ == deepest) return;

  struct Scope {
    Scope(Machine& scoped, Value& value) : inside(scoped), outer(std::exchange(scoped.it_, &value)) {
      ++inside.depth_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() {
      --inside.depth_;
      inside.it_ = outer;
    }
    Machine& inside;
    Value* outer;
  };
  const Scope scope(*this, frame);
  execute(found->second);
}

void Machine::interrupt() {
  if (armed_.empty()) return;
  const std::string block = std::exchange(armed_, std::string());
  run_block(run_, block, Value());
}

void Machine::emit(std::string_view text) {
  trace_.append(2 * depth_, ' ');
  trace_ += text;
  trace_ += '\n';
}

void Machine::report(std::string_view where, const std::exception_ptr& exception) noexcept {
  emit(std::string(where) + " " + describe(exception));
}

void Machine::flush() {
  std::fwrite(trace_.data(), 1, trace_.size(), stdout);
  std::fflush(stdout);
  trace_.clear();
}

std::string Machine::names_of(const Value& value) const {
  std::string names;
  for (const auto& [name, other] : variables_) {
    if (name != "it" && same(value, other)) names += (names.empty() ? "" : ",") + name;
  }
  return names;
}

}  // namespace oracle
