#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "registers.hpp"
#include "verbs.hpp"

namespace stress {
namespace {

/// Uses the callback of a reference, if it is a Callback, in whatever form it is got: a copy is user code.
template <class R>
void use_callback(const R& weak) {
  if (auto callback = weak.template callback<Callback>()) {
    expect(callback->referent() != nullptr, "a reference gives a callback that is none");
    const Callback copied(*callback);
  }
}

/// So often that others do something meanwhile.
constexpr int asked = 20;

using variant = std::variant<weakref::ref<Thing>, weakref::ProxyType<Thing>>;

void check_reference_to(const weakref::strong_ref<Thing>& alive, const variant& weak) {
  if (const auto* const reference = std::get_if<weakref::ref<Thing>>(&weak)) {
    expect(!reference->expired() && (*reference)() == alive,
           "getweakrefs() gives a reference to something else");
  }
}

}  // namespace

const std::vector<verb>& query_verbs() {
  static const std::vector<verb> verbs = {
      {"for (auto& weak : getweakrefs($o)) weak();",
       [](worker& w, const operation& now) {
         const Owner held = w.owners[now.owner];
         for (const variant& weak : getweakrefs(held.owned)) check_reference_to(held.owned, weak);
       }},
      {"$r = getweakrefs($o)[$k];",
       [](worker& w, const operation& now) {
         const Owner held = w.owners[now.owner];
         const std::vector<variant> all = getweakrefs(held.owned);
         if (now.key >= all.size()) return;
         const fate* const its = &held->its_fate();
         std::visit([&](const auto& weak) { put(w, now.reference, weak, its, nullptr); }, all[now.key]);
       }},
      {"getweakrefcount($o);",
       [](worker& w, const operation& now) { (void)getweakrefcount(w.owners[now.owner].owned); }},
      {"$r.callback<Callback>();",
       [](worker& w, const operation& now) {
         const reference used = w.references[now.reference];
         const auto weak = as_ref(used);
         const auto* const tagged = std::get_if<weakref::strong_ref<Tagged>>(&used.is);
         for (int times = 0; weak && times < asked; ++times) use_callback(*weak);
         for (int times = 0; tagged != nullptr && times < asked; ++times) use_callback(**tagged);
       }},
      {"for (auto& weak : getweakrefs($o)) weak.callback<Callback>();",
       [](worker& w, const operation& now) {
         const Owner held = w.owners[now.owner];
         for (const variant& each : getweakrefs(held.owned)) {
           if (const auto* const weak = std::get_if<weakref::ref<Thing>>(&each)) use_callback(*weak);
         }
       }},
      {"$r.has_callback();",
       [](worker& w, const operation& now) {
         const reference used = w.references[now.reference];
         const auto weak = as_ref(used);
         if (!weak) return;
         for (int times = 0; times < asked; ++times) {
           const bool before = weak->expired();
           expect(!(weak->has_callback() && before), "a dead reference has a callback");
         }
       }},
      {"$r.expired();",
       [](worker& w, const operation& now) {
         const reference used = w.references[now.reference];
         if (const auto weak = as_ref(used)) {
           const bool before = weak->expired();
           expect(!before || (*weak)() == weakref::None, "an expired reference gives its referent");
         }
       }},
      {"repr($r);",
       [](worker& w, const operation& now) {
         const handle used = w.references[now.reference].is;
         std::visit(
             []<class H>(const H& weak) {
               if constexpr (requires { repr(weak); }) expect(repr(weak).starts_with('<'), "a repr is none");
             },
             used);
       }},
      {"std::hash<ref<Thing>>()($r);",
       [](worker& w, const operation& now) {
         const reference used = w.references[now.reference];
         if (const auto weak = as_ref(used)) {
           const std::size_t hash = std::hash<weakref::ref<Thing>>()(*weak);
           expect(hash == std::hash<weakref::ref<Thing>>()(*weak), "the hash of a reference changes");
         }
       }},
      {"$r == $q;",
       [](worker& w, const operation& now) {
         const auto a = as_ref(w.references[now.reference]);
         const auto b = as_ref(w.references[now.other_reference]);
         if (!a || !b) return;
         const auto x = (*a)();
         const auto y = (*b)();
         if (*a == *b && x && y) {
           expect(std::hash<weakref::ref<Thing>>()(*a) == std::hash<weakref::ref<Thing>>()(*b),
                  "equal references have different hashes");
         }
       }},
  };
  return verbs;
}

}  // namespace stress
