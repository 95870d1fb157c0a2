module;

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

export module oracle:program;

// A program as its text says it: see README.md for the language.

namespace oracle {

export struct Statement {
  std::size_t line = 0;
  std::string target;  // the variable that gets the result; may be empty, as all that follow but the verb
  std::string verb;
  std::vector<std::string> operands;
  std::string block;      // behind `do`
  std::string owned;      // behind `with`
  std::string meanwhile;  // the block that runs in the first == of the statement
};

export struct Program {
  std::map<std::string, std::vector<Statement>> blocks;
  std::vector<Statement> statements;
  bool exits = false;
};

/// Never fails: what makes no sense is a statement that is not applicable to anything.
export [[nodiscard]] Program parse(std::string_view text);

}  // namespace oracle
