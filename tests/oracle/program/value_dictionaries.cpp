module;

#include <cstddef>
#include <memory>
#include <string>

module oracle;

import weakref;

namespace oracle {

void add_value_dictionaries(Operations& operations);

template <>
struct dictionary_words<ValueDictionary> {
  static const std::string& key(const Call& call, std::size_t i) { return call.word(i); }
  static std::string show_key(const std::string& key) { return key; }
};

void add_value_dictionaries(Operations& operations) {
  using kind = std::shared_ptr<ValueDictionary>;
  operations.add_for_any("WeakValueDictionary",
                         [](const Call&) { return Value(std::make_shared<ValueDictionary>()); });
  add_dictionary<ValueDictionary>(operations);
  operations.add<kind>("deepcopy", [](const Call& call) {
    return Value(std::make_shared<ValueDictionary>(dictionary_in<ValueDictionary>(call).deepcopy()));
  });
  operations.add<kind>("refs", [](const Call& call) {
    auto list = std::make_shared<List>();
    for (const auto& reference : dictionary_in<ValueDictionary>(call).valuerefs()) {
      list->emplace_back(KeyedReference(reference));
    }
    return Value(list);
  });
}

}  // namespace oracle
