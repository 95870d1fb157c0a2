module;

#include <cstddef>
#include <memory>
#include <string>

module oracle;

import weakref;

namespace oracle {

void add_key_dictionaries(Operations& operations);

struct words_of_things {
  static Object key(const Call& call, std::size_t i) { return call.thing(i); }
  static std::string show_key(const Object& key) { return show(key); }
};
template <>
struct dictionary_words<KeyDictionary> : words_of_things {};
template <>
struct dictionary_words<IdKeyDictionary> : words_of_things {};

namespace {

template <class D>
void add_refs(Operations& operations) {
  operations.add<std::shared_ptr<D>>("refs", [](const Call& call) {
    auto list = std::make_shared<List>();
    for (const Reference& reference : dictionary_in<D>(call).keyrefs()) list->emplace_back(reference);
    return Value(list);
  });
}

}  // namespace

void add_key_dictionaries(Operations& operations) {
  operations.add_for_any("WeakKeyDictionary",
                         [](const Call&) { return Value(std::make_shared<KeyDictionary>()); });
  operations.add_for_any("WeakIdKeyDictionary",
                         [](const Call&) { return Value(std::make_shared<IdKeyDictionary>()); });
  add_dictionary<KeyDictionary>(operations);
  add_dictionary<IdKeyDictionary>(operations);
  add_refs<KeyDictionary>(operations);
  add_refs<IdKeyDictionary>(operations);
}

}  // namespace oracle
