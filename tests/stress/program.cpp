#include "program.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <utility>

namespace stress {
namespace {

void visit_all(const std::vector<operation>& operations, const std::function<void(const operation&)>& visit) {
  for (const operation& each : operations) {
    visit(each);
    visit_all(each.meanwhile, visit);
  }
}

void keep(std::vector<operation>& operations, const numbers& kept) {
  std::erase_if(operations, [&](const operation& each) { return !kept.contains(each.number); });
  for (operation& each : operations) keep(each.meanwhile, kept);
}

/// Dictionaries that are weak in their keys have owners for keys.
std::string key_of(const program& whole, const operation& shown) {
  if (!is_about(subject::value_dictionary, whole.containers[shown.container].type)) {
    return 'o' + std::to_string(shown.owner);
  }
  return "Key(" + std::to_string(shown.key) + ")";
}

std::string text_of(const program& whole, const operation& shown) {
  std::string text;
  const std::string_view pattern = shown.does->text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '$') {
      text += pattern[at];
      continue;
    }
    switch (pattern[++at]) {
      case 'o':
        text += 'o' + std::to_string(shown.owner);
        break;
      case 'p':
        text += 'o' + std::to_string(shown.other_owner);
        break;
      case 'r':
        text += 'r' + std::to_string(shown.reference);
        break;
      case 'q':
        text += 'r' + std::to_string(shown.other_reference);
        break;
      case 'i':
        text += 'i' + std::to_string(shown.iterator);
        break;
      case 'c':
        text += 'c' + std::to_string(shown.container);
        break;
      case 'd':
        text += 'c' + std::to_string(shown.other_container);
        break;
      case 'x':
        text += key_of(whole, shown);
        break;
      default:
        text += std::to_string(shown.key);
    }
  }
  return text;
}

void print(std::ostream& out, const program& whole, const std::vector<operation>& operations,
           const std::string& margin) {
  for (const operation& each : operations) {
    out << margin;
    if (each.moment != 0) out << "in user code " << each.moment << ": ";
    out << text_of(whole, each) << '\n';
    print(out, whole, each.meanwhile, margin + "    ");
  }
}

std::string list(const std::vector<unsigned>& threads) {
  std::string text;
  for (const unsigned thread : threads) text += (text.empty() ? "" : ", ") + std::to_string(thread);
  return text.empty() ? "none" : text;
}

}  // namespace

std::string_view name(container_type type) {
  constexpr std::array<std::string_view, container_types> names = {"WeakValueDictionary<Key, Thing>",
                                                                   "WeakValueDictionary<int, Thing>",
                                                                   "WeakKeyDictionary<Thing, Value>",
                                                                   "WeakKeyDictionary<Thing, int>",
                                                                   "WeakIdKeyDictionary<Thing, Value>",
                                                                   "WeakSet<Thing>",
                                                                   "WeakIdSet<Thing>"};
  return names[static_cast<unsigned>(type)];
}

bool is_about(subject about, container_type type) {
  const bool set = type == container_type::set || type == container_type::identity_set;
  const bool values = type == container_type::values || type == container_type::plain_values;
  switch (about) {
    case subject::container:
      return true;
    case subject::dictionary:
      return !set;
    case subject::value_dictionary:
      return values;
    case subject::key_dictionary:
      return !values && !set;
    case subject::set:
      return set;
    default:
      return false;
  }
}

bool container_plan::is_known_to(unsigned thread) const {
  return std::ranges::find(threads, thread) != threads.end();
}

void for_each(const program& all, const std::function<void(unsigned, const operation&)>& visit) {
  for (unsigned thread = 0; thread < all.threads.size(); ++thread) {
    visit_all(all.threads[thread], [&](const operation& each) { visit(thread, each); });
  }
}

numbers numbers_of(const program& all) {
  numbers found;
  for_each(all, [&](unsigned, const operation& each) { found.insert(each.number); });
  return found;
}

program only(program all, const numbers& kept) {
  for (auto& operations : all.threads) keep(operations, kept);
  return all;
}

std::ostream& operator<<(std::ostream& out, const program& shown) {
  for (unsigned i = 0; i < shown.things.size(); ++i) {
    const thing_plan& thing = shown.things[i];
    out << "thing " << i << ": o" << i << " in threads " << list(thing.threads);
    if (thing.owned >= 0) out << "; owns thing " << thing.owned;
    if (thing.has_del) out << (thing.resurrects ? "; its del() resurrects it" : "; has del()");
    out << '\n';
  }
  for (unsigned i = 0; i < shown.containers.size(); ++i) {
    out << "c" << i << ": " << name(shown.containers[i].type) << " in threads "
        << list(shown.containers[i].threads) << '\n';
  }
  for (unsigned thread = 0; thread < shown.threads.size(); ++thread) {
    if (shown.threads[thread].empty()) continue;
    out << "thread " << thread << ":\n";
    print(out, shown, shown.threads[thread], "  ");
  }
  return out;
}

}  // namespace stress
