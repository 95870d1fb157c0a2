module;

#include <map>
#include <string>
#include <utility>
#include <variant>

module oracle;

namespace oracle {

void add_objects(Operations& operations);
void add_members(Operations& operations);
void add_references(Operations& operations);
void add_proxies(Operations& operations);
void add_methods(Operations& operations);
void add_finalizers(Operations& operations);
void add_value_dictionaries(Operations& operations);
void add_key_dictionaries(Operations& operations);
void add_sets(Operations& operations);
void add_set_algebra(Operations& operations);
void add_iterations(Operations& operations);

Operations::Operations() {
  add_objects(*this);
  add_members(*this);
  add_references(*this);
  add_proxies(*this);
  add_methods(*this);
  add_finalizers(*this);
  add_value_dictionaries(*this);
  add_key_dictionaries(*this);
  add_sets(*this);
  add_set_algebra(*this);
  add_iterations(*this);
}

Operation Operations::find(const std::string& verb, const Value& first) const {
  auto found = operations_.find({verb, first.index()});
  if (found == operations_.end()) found = operations_.find({verb, std::variant_npos});
  return found == operations_.end() ? nullptr : found->second;
}

}  // namespace oracle
