#include <utility>
#include <vector>

#include "containers.hpp"
#include "verbs.hpp"

namespace stress {
namespace {

constexpr subject any = subject::set;

}  // namespace

const std::vector<verb>& set_verbs() {
  static const std::vector<verb> verbs = {
      {"$c.add($o);",
       [](worker& w, const operation& now) {
         on_set(w, now, [&](auto& used) { used.add(w.owners[now.owner].owned); });
       },
       any},
      {"$c.discard($o);",
       [](worker& w, const operation& now) {
         on_set(w, now, [&](auto& used) { used.discard(w.owners[now.owner].owned); });
       },
       any},
      {"$c.remove($o);",
       [](worker& w, const operation& now) {
         on_set(w, now, [&](auto& used) { used.remove(w.owners[now.owner].owned); });
       },
       any},
      {"$o = $c.pop();",
       [](worker& w, const operation& now) {
         on_set(w, now, [&](auto& used) { w.owners[now.owner] = used.pop(); });
       },
       any},
      {"$c.contains($o);",
       [](worker& w, const operation& now) {
         on_set(w, now, [&](auto& used) { (void)used.contains(w.owners[now.owner].owned); });
       },
       any},
      {"for (auto element : $c) {}",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto&) {
           seen_keys seen;
           for (const auto& element : used) seen.see(element);
         });
       },
       any},
      {"$c |= $d;",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { used |= other; });
       },
       any},
      {"$c &= $d;",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { used &= other; });
       },
       any},
      {"$c -= $d;",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { used -= other; });
       },
       any},
      {"$c ^= $d;",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { used ^= other; });
       },
       any},
      {"$c & $d;",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { (void)(used & other); });
       },
       any},
      {"$c == $d;",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { (void)(used == other); });
       },
       any},
      {"$c.isdisjoint($d);",
       [](worker& w, const operation& now) {
         on_two_sets(w, now, [](auto& used, auto& other) { (void)used.isdisjoint(other); });
       },
       any},
  };
  return verbs;
}

}  // namespace stress
