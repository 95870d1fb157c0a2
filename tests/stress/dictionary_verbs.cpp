#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "containers.hpp"
#include "verbs.hpp"

namespace stress {
namespace {

constexpr subject any = subject::dictionary;
constexpr bool disturbs = true;

template <class C>
std::size_t place_of(const worker& w, const operation& now) {
  if constexpr (is_value_dictionary<C>) {
    return now.key;
  } else {
    const Owner& key = w.owners[now.owner];
    if (!key) return 0;
    return static_cast<std::size_t>(is_by_identity<C> ? key->its_fate().number : key->likeness());
  }
}

template <class C>
typename C::mapped_type create(worker& w, const operation& now, [[maybe_unused]] std::size_t place) {
  // Factories take their time.
  std::this_thread::yield();
  user_code(throwing_is::allowed);
  std::this_thread::yield();
  if constexpr (is_value_dictionary<C>) {
    fate* const its = w.in.new_fate();
    if (its == nullptr) throw Thrown();
    its->container = static_cast<int>(now.container);
    its->key = static_cast<int>(place);
    return weakref::make<Thing>(*its);
  } else {
    return value_for<C>(w, now);
  }
}

/// Keeps what an operation gave, where that is an owner of a thing.
template <class Given>
void keep(worker& w, const operation& now, const Given& given) {
  if constexpr (std::is_convertible_v<const Given&, weakref::strong_ref<Thing>>) {
    if (given) given->check_that_it_is_whole();
    w.owners[now.other_owner] = Owner(given);
  }
}

}  // namespace

const std::vector<verb>& dictionary_verbs() {
  static const std::vector<verb> verbs = {
      {"$c.set($x, $p);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { used.set(key_for<C>(w, now), value_for<C>(w, now)); });
       },
       any, false, disturbs},
      {"$c[$x] = $p;",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { used[key_for<C>(w, now)] = value_for<C>(w, now); });
       },
       any, false, disturbs},
      {"$p = $c.get($x);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { keep(w, now, used.get(key_for<C>(w, now))); });
       },
       any},
      {"$p = $c.at($x);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { keep(w, now, used.at(key_for<C>(w, now))); });
       },
       any},
      {"$c.contains($x);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { (void)used.contains(key_for<C>(w, now)); });
       },
       any},
      {"$c.erase($x);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { used.erase(key_for<C>(w, now)); });
       },
       any, false, disturbs},
      {"$c.del($x);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { used.del(key_for<C>(w, now)); });
       },
       any, false, disturbs},
      {"$p = $c.pop($x);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) { keep(w, now, used.pop(key_for<C>(w, now))); });
       },
       any, false, disturbs},
      {"$c.popitem();",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [](auto& used) { (void)used.popitem(); });
       },
       any, false, disturbs},
      {"$p = $c.setdefault($x, $p);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) {
           keep(w, now, used.setdefault(key_for<C>(w, now), value_for<C>(w, now)));
         });
       },
       any, false, disturbs},
      {"$p = $c.get_or_create($x, factory);",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) {
           const std::size_t place = place_of<C>(w, now);
           keep(w, now, used.get_or_create(key_for<C>(w, now), [&] { return create<C>(w, now, place); }));
         });
       },
       any},
      {"$c.update($d);",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, [](auto& used, auto& other) { used.update(other); });
       },
       any, false, disturbs},
      {"$c.update({{$x, $p}});",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, [&]<class C>(C& used, C&) { used.update(pairs_for<C>(w, now)); });
       },
       any, false, disturbs},
      {"$c == $d;",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, [](auto& used, auto& other) { (void)(used == other); });
       },
       any},
      {"auto joined = $c | $d;",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, [](auto& used, auto& other) { (void)(used | other); });
       },
       any},
      {"for (auto key : $c) {}",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, [](auto& used, auto&) {
           seen_keys seen;
           for (const auto& key : used) seen.see(key);
         });
       },
       any},
      {"for (auto [key, value] : $c.items()) {}",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, [](auto& used, auto&) {
           seen_keys seen;
           for (const auto& item : used.items()) seen.see(item.first);
         });
       },
       any},
      {"for (auto value : $c.values()) {}",
       [](worker& w, const operation& now) {
         on_two_dictionaries(w, now, []<class C>(C& used, C&) {
           for (const auto& value : used.values()) {
             if constexpr (is_value_dictionary<C>) value->check_that_it_is_whole();
           }
         });
       },
       any},
      {"$r = $c.valuerefs()[0];",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) {
           if constexpr (is_value_dictionary<C>) {
             const auto all = used.valuerefs();
             if (!all.empty()) put(w, now.reference, weakref::ref<Thing>(all.front()), nullptr, nullptr);
           }
         });
       },
       subject::value_dictionary},
      {"$r = $c.keyrefs()[0];",
       [](worker& w, const operation& now) {
         on_dictionary(w, now, [&]<class C>(C& used) {
           if constexpr (!is_value_dictionary<C>) {
             const auto all = used.keyrefs();
             if (!all.empty()) put(w, now.reference, all.front(), nullptr, nullptr);
           }
         });
       },
       subject::key_dictionary},
  };
  return verbs;
}

}  // namespace stress
