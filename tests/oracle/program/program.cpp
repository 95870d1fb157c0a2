module;

#include <cstddef>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

module oracle;

namespace oracle {
namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream text(line.substr(0, line.find('#')));
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

Statement statement_of(const std::vector<std::string>& words, std::size_t line) {
  Statement statement;
  statement.line = line;
  std::size_t next = 0;
  if (words.size() > next + 1 && words[next] == "meanwhile") {
    statement.meanwhile = words[next + 1];
    next += 2;
  }
  if (words.size() > next + 1 && words[next + 1] == "=") {
    statement.target = words[next];
    next += 2;
  }
  if (words.size() > next) statement.verb = words[next++];
  while (next < words.size()) {
    const std::string& word = words[next++];
    if (word == "do" && next < words.size()) {
      statement.block = words[next++];
    } else if (word == "with" && next < words.size()) {
      statement.owned = words[next++];
    } else {
      statement.operands.push_back(word);
    }
  }
  if (statement.verb == "drop" && !statement.operands.empty()) {
    statement.target = statement.operands.front();
    statement.operands.clear();
  }
  return statement;
}

}  // namespace

Program parse(std::string_view text) {
  Program program;
  std::vector<Statement>* into = &program.statements;
  std::istringstream lines{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    if (words[0] == "block" && words.size() == 2) {
      into = &program.blocks[words[1]];
      into->clear();
    } else if (words[0] == "end") {
      into = &program.statements;
    } else if (words[0] == "exit") {
      program.exits = true;
    } else {
      into->push_back(statement_of(words, number));
    }
  }
  return program;
}

}  // namespace oracle
