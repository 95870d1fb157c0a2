#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "verbs.hpp"
#include "world.hpp"

namespace stress {

const verb throwing = {"throw Thrown();", [](worker&, const operation&) { throw Thrown(); }};

const verb dropping = {"$o.reset();", [](worker& w, const operation& now) { w.owners[now.owner] = {}; }};

const std::vector<verb>& object_verbs() {
  static const std::vector<verb> verbs = {
      dropping,
      {"$o = $p;", [](worker& w, const operation& now) { w.owners[now.owner] = w.owners[now.other_owner]; }},
      {"$o = make<Thing>();",
       [](worker& w, const operation& now) {
         if (fate* const its = w.in.new_fate()) w.owners[now.owner] = weakref::make<Thing>(*its);
       }},
      {"$o = make<Mortal>();  // its del() resurrects it",
       [](worker& w, const operation& now) {
         if (fate* const its = w.in.new_fate())
           w.owners[now.owner] = Owner(weakref::make<Mortal>(*its, Owner(), true));
       }},
      {"$o = $p->owned();",
       [](worker& w, const operation& now) {
         if (const Owner held = w.owners[now.other_owner]) w.owners[now.owner] = held->owned();
       }},
      {"getrefcount($o);",
       [](worker& w, const operation& now) {
         const Owner& owner = w.owners[now.owner];
         expect(!owner || getrefcount(owner.owned) > 0, "an object without owners is owned");
       }},
      {"auto shared = to_shared($o); $o.reset(); shared.reset();",
       [](worker& w, const operation& now) {
         std::shared_ptr<Thing> shared = to_shared(w.owners[now.owner].owned);
         w.owners[now.owner] = {};
         shared.reset();
       }},
      {"f.reset();", [](worker& w, const operation&) { w.function.reset(); }},
      {"f = make<Function>();", [](worker& w, const operation&) { w.function = weakref::make<Function>(); }},
      {"std::this_thread::yield();", [](worker&, const operation&) { std::this_thread::yield(); }},
  };
  return verbs;
}

std::vector<const verb*> all_verbs() {
  std::vector<const verb*> all;
  for (const auto* some : {&object_verbs(), &reference_verbs(), &query_verbs(), &finalizer_verbs(),
                           &container_verbs(), &dictionary_verbs(), &set_verbs()}) {
    for (const verb& each : *some) all.push_back(&each);
  }
  return all;
}

}  // namespace stress
