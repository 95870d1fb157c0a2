#include <utility>
#include <vector>

#include "registers.hpp"
#include "verbs.hpp"

namespace stress {
namespace {

/// Makes a handle of the thing in $o, if there is one. The callback is copied, which is user code, and may
/// change the register: so the handle is made of a copy.
template <class Make>
void make_with_callback(worker& w, const operation& now, Owner owned, Make make) {
  const Owner referent = w.owners[now.owner];
  if (!referent) return;
  const fate& its = referent->its_fate();
  record* const mine = w.in.new_record(referent);
  if (mine == nullptr) return;
  const Callback callback(*mine, std::move(owned));
  put(w, now.reference, make(referent.owned, callback), &its, mine);
}

template <class Make>
void make_without(worker& w, const operation& now, Make make) {
  const Owner& referent = w.owners[now.owner];
  if (!referent) return;
  const fate& its = referent->its_fate();
  put(w, now.reference, make(referent.owned), &its, nullptr);
}

using thing = weakref::strong_ref<Thing>;

}  // namespace

const std::vector<verb>& reference_verbs() {
  static const std::vector<verb> verbs = {
      {"$r = ref{$o};",
       [](worker& w, const operation& now) {
         make_without(w, now, [](const thing& referent) { return weakref::ref(referent); });
       }},
      {"$r = ref{$o, callback};",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, {}, [](const thing& referent, const Callback& callback) {
           return weakref::ref<Thing>(referent, callback);
         });
       }},
      {"$r = ref{$o, callback that owns $p};",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, w.owners[now.other_owner],
                            [](const thing& referent, const Callback& callback) {
                              return weakref::ref<Thing>(referent, callback);
                            });
       }},
      {"$r = make<Tagged>($o, None);",
       [](worker& w, const operation& now) {
         make_without(w, now,
                      [](const thing& referent) { return weakref::make<Tagged>(referent, weakref::None); });
       }},
      {"$r = make<Tagged>($o, callback that owns $p);",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, w.owners[now.other_owner],
                            [](const thing& referent, const Callback& callback) {
                              return weakref::make<Tagged>(referent, callback);
                            });
       }},
      {"$r = make<KeyedRef>($o, callback, Key($k));",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, {}, [&now](const thing& referent, const Callback& callback) {
           return weakref::make<Keyed>(referent, callback, Key(static_cast<int>(now.key)));
         });
       }},
      {"$r = proxy($o);",
       [](worker& w, const operation& now) {
         make_without(w, now, [](const thing& referent) { return weakref::proxy(referent); });
       }},
      {"$r = proxy($o, callback that owns $p);",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, w.owners[now.other_owner],
                            [](const thing& referent, const Callback& callback) {
                              return weakref::proxy(referent, callback);
                            });
       }},
      {"$r = WeakMethod{$o, f};",
       [](worker& w, const operation& now) {
         make_without(w, now, [&w](const thing& referent) { return Method(referent, w.function); });
       }},
      {"$r = WeakMethod{$o, f, callback};",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, {}, [f = w.function](const thing& referent, const Callback& callback) {
           return Method(referent, f, callback);
         });
       }},
      {"$r = make<Tagged>($o, callback);",
       [](worker& w, const operation& now) {
         make_with_callback(w, now, {}, [](const thing& referent, const Callback& callback) {
           return weakref::make<Tagged>(referent, callback);
         });
       }},
      {"$r.reset();", [](worker& w, const operation& now) { put(w, now.reference, {}, nullptr, nullptr); }},
      {"$r = $q;",
       [](worker& w, const operation& now) {
         const reference copied = w.references[now.other_reference];
         put(w, now.reference, copied.is, copied.referent, copied.calls);
       }},
      {"$o = $r();",
       [](worker& w, const operation& now) {
         if (const auto weak = as_ref(w.references[now.reference])) {
           if (const auto referent = (*weak)()) {
             referent->check_that_it_is_whole();
             w.owners[now.owner] = referent;
           }
         }
       }},
      {"$r->likeness();  // a proxy",
       [](worker& w, const operation& now) {
         const handle used = w.references[now.reference].is;
         if (const auto* const weak = std::get_if<weakref::ProxyType<Thing>>(&used)) {
           (*weak)->check_that_it_is_whole();
         }
       }},
      {"$r()();  // a method",
       [](worker& w, const operation& now) {
         const handle used = w.references[now.reference].is;
         if (const auto* const weak = std::get_if<Method>(&used)) {
           if (const auto bound = (*weak)()) (*bound)();
         }
       }},
  };
  return verbs;
}

}  // namespace stress
