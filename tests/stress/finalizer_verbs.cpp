#include <utility>
#include <vector>

#include "registers.hpp"
#include "verbs.hpp"

namespace stress {
namespace {

const Finalizer* finalizer_in(const worker& w, const operation& now) {
  return std::get_if<Finalizer>(&w.references[now.reference].is);
}

}  // namespace

const std::vector<verb>& finalizer_verbs() {
  static const std::vector<verb> verbs = {
      {"$r = finalize{$o, ending that owns $p if it is older};",
       [](worker& w, const operation& now) {
         const Owner referent = w.owners[now.owner];
         Owner owned = w.owners[now.other_owner];
         record* const mine = w.in.new_record(referent);
         if (!referent || mine == nullptr) return;
         // Else things could keep one another.
         if (owned && owned->its_fate().number >= referent->its_fate().number) owned = {};
         const Ending ending(*mine, std::move(owned));
         Finalizer made(referent.owned, ending);
         mine->finalizes = true;
         put(w, now.reference, std::move(made), &referent->its_fate(), mine);
       }},
      // The handle is used as it is: what runs may destroy it.
      {"$r();  // a finalizer",
       [](worker& w, const operation& now) {
         if (const Finalizer* const called = finalizer_in(w, now)) (*called)();
       }},
      {"$r.detach();",
       [](worker& w, const operation& now) {
         const Finalizer* const used = finalizer_in(w, now);
         if (used == nullptr) return;
         record& calls = *w.references[now.reference].calls;
         try {
           if (const auto told = used->detach()) ++calls.detached;
         } catch (const Thrown&) {
           ++calls.unknown;
         }
       }},
      {"$r.peek();",
       [](worker& w, const operation& now) {
         const handle used = w.references[now.reference].is;
         if (const auto* const asked = std::get_if<Finalizer>(&used)) (void)asked->peek();
       }},
      {"$r.alive(); $r.atexit(false);",
       [](worker& w, const operation& now) {
         if (const Finalizer* const used = finalizer_in(w, now)) {
           used->atexit(false);
           const bool alive = used->alive();
           expect(!used->atexit() || alive, "a dead finalizer will run at exit");
         }
       }},
  };
  return verbs;
}

}  // namespace stress
