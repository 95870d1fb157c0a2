module;

#include <cstddef>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

export module oracle:machine;

import :program;
import :thing;
import :value;

namespace oracle {

/// What the statement `raise` throws.
export struct Raised {
  std::string name;
};

/// Iteration is over: Python's StopIteration.
export struct Ended {};

/// A verb was given what it has nothing to do with.
export struct Inapplicable {};

/// Runs programs, one after the other, and writes what happens.
export class Machine {
 public:
  void run(const Program& program);

  /// Ends a program whose process has exited: drops its variables.
  void finish();

  /// Runs a block of a program, if that is still running. Throws what the block raises.
  void run_block(Run run, const std::string& block, Value it);
  /// The block that is to run meanwhile, once.
  void interrupt();

  void emit(std::string_view text);
  /// An exception that nobody catches.
  void report(std::string_view where, const std::exception_ptr& exception) noexcept;
  void flush();

  [[nodiscard]] Run current() const noexcept { return run_; }
  [[nodiscard]] bool is_running(Run run) const noexcept { return run == run_; }
  [[nodiscard]] bool is_exiting() const noexcept { return program_ != nullptr && program_->exits; }

  std::size_t enter(Thing& made);
  void leave(Thing& dead, Run run);

  /// The names of the variables that are the same as a value, for show().
  [[nodiscard]] std::string names_of(const Value& value) const;

 private:
  void execute(const Statement& statement);
  void execute(const std::vector<Statement>& statements);
  [[nodiscard]] Value value_of(const std::string& name) const;
  void assign(const std::string& name, const Value& value);
  void drop_variables();
  void abandon_the_rest();

  const Program* program_ = nullptr;
  Run run_ = 0;
  std::map<std::string, Value> variables_;
  Value* it_ = nullptr;
  std::string armed_;
  std::size_t things_ = 0;
  std::size_t steps_ = 0;
  std::size_t depth_ = 0;
  std::unordered_set<Thing*> living_;
  std::string trace_;
};

/// The only one; never destroyed, since objects may die after the end of main().
export [[nodiscard]] Machine& machine();

/// An exception as traces show it.
export [[nodiscard]] std::string describe(const std::exception_ptr& exception);

/// Without addresses, and with class names as Python has them.
export [[nodiscard]] std::string anonymous(std::string_view text);

}  // namespace oracle
