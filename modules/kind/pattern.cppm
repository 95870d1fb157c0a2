module;

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

export module weakref:pattern;

import :object;

namespace weakref {

/// A compiled regular expression, in ECMAScript's syntax (that of std::regex, which it is):
/// make<pattern>("a+"). Throws std::regex_error for text that is none.
///
/// ---- Thread safety: as a constant. Source: the Python documentation, re.Pattern.
export class pattern : public object {
 public:
  /// What has matched: the whole, then the groups; a group that took no part is empty.
  using groups = std::vector<std::string>;

  explicit pattern(std::string_view text);
  pattern(const pattern&) = delete;
  pattern& operator=(const pattern&) = delete;
  ~pattern() override;

  /// Does all of the text match?
  [[nodiscard]] std::optional<groups> fullmatch(std::string_view text) const;
  /// Does its beginning?
  [[nodiscard]] std::optional<groups> match(std::string_view text) const;
  /// The first place that does.
  [[nodiscard]] std::optional<groups> search(std::string_view text) const;
  /// All places that do, from left to right.
  [[nodiscard]] std::vector<std::string> findall(std::string_view text) const;
  /// The text with the replacement in all those places.
  [[nodiscard]] std::string sub(const std::string& replacement, std::string_view text) const;

  /// The text it was made from; Python's `pattern`.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  struct compiled;

  std::string text_;
  std::unique_ptr<const compiled> compiled_;
};

}  // namespace weakref
