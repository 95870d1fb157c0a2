module;

#include <iterator>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

module weakref;

namespace weakref {

struct pattern::compiled {
  std::regex regex;
};

namespace {

using match_of_text = std::match_results<std::string_view::const_iterator>;

std::optional<pattern::groups> groups_of(const match_of_text& match) {
  if (match.empty()) return std::nullopt;
  return pattern::groups(match.begin(), match.end());
}

}  // namespace

pattern::pattern(std::string_view text) : text_(text), compiled_(new compiled{std::regex(text_)}) {}

pattern::~pattern() = default;

std::optional<pattern::groups> pattern::fullmatch(std::string_view text) const {
  match_of_text match;
  if (!std::regex_match(text.begin(), text.end(), match, compiled_->regex)) return std::nullopt;
  return groups_of(match);
}

std::optional<pattern::groups> pattern::match(std::string_view text) const {
  match_of_text match;
  std::regex_search(text.begin(), text.end(), match, compiled_->regex,
                    std::regex_constants::match_continuous);
  return groups_of(match);
}

std::optional<pattern::groups> pattern::search(std::string_view text) const {
  match_of_text match;
  std::regex_search(text.begin(), text.end(), match, compiled_->regex);
  return groups_of(match);
}

std::vector<std::string> pattern::findall(std::string_view text) const {
  std::vector<std::string> found;
  using iterator = std::regex_iterator<std::string_view::const_iterator>;
  for (iterator at(text.begin(), text.end(), compiled_->regex); at != iterator(); ++at) {
    found.push_back(at->str());
  }
  return found;
}

std::string pattern::sub(const std::string& replacement, std::string_view text) const {
  std::string result;
  std::regex_replace(std::back_inserter(result), text.begin(), text.end(), compiled_->regex, replacement);
  return result;
}

}  // namespace weakref
