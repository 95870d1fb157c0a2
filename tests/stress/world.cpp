#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <ranges>
#include <set>
#include <stdexcept>
#include <utility>

#include "verbs.hpp"
#include "world.hpp"

namespace stress {
namespace {

std::uint64_t seed_played = 0;

container make_container(container_type type) {
  switch (type) {
    case container_type::values:
      return weakref::make<Values>();
    case container_type::plain_values:
      return weakref::make<PlainValues>();
    case container_type::keys:
      return weakref::make<Keys>();
    case container_type::plain_keys:
      return weakref::make<PlainKeys>();
    case container_type::identity_keys:
      return weakref::make<IdentityKeys>();
    case container_type::set:
      return weakref::make<Set>();
    default:
      return weakref::make<IdentitySet>();
  }
}

bool is_dead(const handle& asked) {
  return std::visit(
      []<class H>(const H& weak) {
        if constexpr (std::is_same_v<H, std::monostate>) {
          return true;
        } else if constexpr (std::is_same_v<H, weakref::ref<Thing>>) {
          return weak.expired();
        } else if constexpr (std::is_same_v<H, weakref::ProxyType<Thing>>) {
          return repr(weak).ends_with("; dead>");
        } else if constexpr (std::is_same_v<H, Finalizer>) {
          return !weak.alive();
        } else if constexpr (std::is_same_v<H, Method>) {
          return weak() == weakref::None;
        } else {
          return weak->expired();
        }
      },
      asked);
}

/// The live things that the entries know; their number is the container's size.
template <class C>
void check_container(const C& checked) {
  std::size_t walked = 0;
  if constexpr (is_set<C>) {
    std::set<const Thing*> seen;
    for (const auto& element : checked) {
      element->check_that_it_is_whole();
      expect(seen.insert(element.get()).second, "a set yields an element twice");
      expect(checked.contains(element), "a set does not contain its element");
      ++walked;
    }
  } else {
    for (const auto& [key, value] : checked.items()) {
      expect(checked.contains(key), "a dictionary does not contain its key");
      if constexpr (is_value_dictionary<C>)
        expect(checked.get(key) == value, "a key has another value than its item");
      ++walked;
    }
    if constexpr (is_value_dictionary<C>) {
      const auto references = checked.valuerefs();
      expect(references.size() == walked, "valuerefs() and items() differ in length");
      for (const auto& each : references)
        expect(!each->expired(), "an entry of a dead object is in a dictionary");
    } else {
      const auto references = checked.keyrefs();
      expect(references.size() == walked, "keyrefs() and items() differ in length");
      for (const auto& each : references)
        expect(!each.expired(), "an entry of a dead object is in a dictionary");
    }
  }
  expect(checked.size() == walked, "size() differs from what a walk yields");
}

}  // namespace

thread_local worker* here = nullptr;

void expect(bool held, const char* otherwise) {
  if (held) return;
  std::fprintf(stderr, "seed %llu: %s\n", static_cast<unsigned long long>(seed_played), otherwise);
  std::_Exit(3);
}

void user_code(throwing_is allowed) {
  if (here == nullptr || here->runs == nullptr) return;
  frame& now = *here->runs;
  ++now.moment;
  for (const operation& next : now.runs.meanwhile) {
    if (next.moment != now.moment) continue;
    if (next.does != &throwing) {
      here->run(next);
    } else if (allowed == throwing_is::allowed) {
      throw Thrown();
    }
  }
}

void worker::run(const operation& next) {
  frame mine{next, 0, runs};
  runs = &mine;
  try {
    next.does->run(*this, next);
  } catch (const Thrown&) {
  } catch (const weakref::KeyError&) {
  } catch (const weakref::TypeError&) {
  } catch (const weakref::ReferenceError&) {
  } catch (const weakref::RuntimeError&) {
  } catch (...) {
    expect(false, "an operation throws what nothing has thrown");
  }
  runs = mine.outer;
}

world::world(const program& played) : plays(played) {
  seed_played = played.seed;
  for (int number = 0; fate& each : fates) each.number = number++;

  std::vector<Owner> things;
  for (const thing_plan& plan : played.things) {
    Owner owned = plan.owned >= 0 ? things[static_cast<std::size_t>(plan.owned)] : Owner();
    fate& its = *new_fate();
    things.push_back(plan.has_del ? Owner(weakref::make<Mortal>(its, std::move(owned), plan.resurrects))
                                  : Owner(weakref::make<Thing>(its, std::move(owned))));
  }
  std::vector<container> containers;
  for (const container_plan& plan : played.containers) containers.push_back(make_container(plan.type));
  const auto function = weakref::make<Function>();
  std::vector<reference> watching;
  for (std::size_t i = 0; i < std::min(things.size(), most_references - most_things); ++i) {
    record& calls = *new_record(things[i]);
    watching.push_back({{}, &things[i]->its_fate(), &calls});
    if (i == 0) {
      watching[i].is = weakref::ref<Thing>(things[i].owned, Callback(calls, Owner()));
    } else {
      watching[i].is = weakref::make<Tagged>(things[i].owned, Callback(calls, Owner()));
    }
  }

  for (unsigned thread = 0; thread < played.threads.size(); ++thread) {
    workers.push_back(std::make_unique<worker>(*this, function));
    worker& its = *workers.back();
    for (std::size_t i = 0; i < things.size(); ++i) {
      for (const unsigned owning : played.things[i].threads) {
        if (owning == thread) its.owners[i] = things[i];
      }
      its.references[i] = {weakref::ref(things[i].owned), &things[i]->its_fate(), nullptr};
    }
    std::ranges::copy(watching, its.references.begin() + most_things);
    for (std::size_t i = 0; i < containers.size(); ++i) {
      its.containers.push_back(containers[i]);
      if (!played.containers[i].is_known_to(thread)) {
        std::visit([](auto& owner) { owner.reset(); }, its.containers.back());
      }
    }
  }
  for_each(played, [this](unsigned, const operation& each) {
    if (each.does->disturbs) disturbed[each.container] = true;
  });
}

fate* world::new_fate() {
  const auto number = static_cast<std::size_t>(next_fate_.next());
  return number < fates.size() ? &fates[number] : nullptr;
}

record* world::new_record(const Owner& referent) {
  const auto number = static_cast<std::size_t>(next_record_.next());
  if (number >= records.size()) return nullptr;
  records[number].referent = referent ? &referent->its_fate() : nullptr;
  return &records[number];
}

void world::check() {
  check_owners();
  check_references();
  check_containers();
  check_creations();
}

void world::end() {
  for (auto& each : workers) each->iterators = {};
  check();
  for (auto& each : workers) {
    each->owners = {};
    each->function.reset();
  }
  check();
  for (auto& each : workers) each->containers.clear();
  check();
  for (auto& each : workers) {
    for (reference& register_ : each->references) {
      const reference dropped = std::exchange(register_, {});
    }
  }
  check();
  workers.clear();

  for (const fate& each : fates) {
    expect(each.dead == each.born && each.born <= 1, "a thing did not die once");
    expect(each.owners == 0, "an owner was lost");
  }
  for (const record& each : records) {
    expect(each.calls <= 1, "a callback ran twice");
    if (each.finalizes && each.unknown == 0) {
      expect(each.calls + each.detached == 1, "a finalizer neither ran nor was detached, or both");
    }
  }
  expect(Thing::alive == 0 && counted<Function>::alive == 0, "an object outlived its owners");
  expect(Value::alive == 0 && counted<Key>::alive == 0, "what an entry owned was not destroyed");
  expect(Recorder::alive == 0, "a callback was not destroyed");
  expect(counted<Tagged>::alive == 0, "a reference was not destroyed");
  expect(weakref::pinned_bytes() == 0, "dead objects are still allocated");
}

void world::check_owners() {
  for (const fate& each : fates) {
    if (each.born != 0)
      expect((each.dead == 0) == (each.owners > 0),
             "a thing is dead that has owners, or has none and is alive");
  }
  for (const auto& its : workers) {
    for (const Owner& each : its->owners) {
      if (!each) continue;
      expect(getrefcount(each.owned) == static_cast<std::size_t>(int{each->its_fate().owners}),
             "getrefcount() differs from the number of owners");
    }
  }
}

void world::check_references() {
  for (const auto& its : workers) {
    for (const reference& each : its->references) {
      if (each.referent != nullptr && each.referent->dead != 0)
        expect(is_dead(each.is), "a reference outlives the death of its referent");
      if (each.referent != nullptr && std::holds_alternative<weakref::ref<Thing>>(each.is)) {
        expect(is_dead(each.is) == (each.referent->dead != 0),
               "a reference is dead, and its referent is not");
      }
      if (each.calls == nullptr || each.calls->detached + each.calls->unknown > 0) continue;
      expect(each.calls->calls == (is_dead(each.is) ? 1 : 0),
             "a callback did not run once, after the death of its referent");
    }
  }
}

void world::check_containers() {
  for (const auto& its : workers) {
    for (const container& each : its->containers) {
      std::visit(
          []<class C>(const owner_of<C>& owner) {
            if (owner) check_container(static_cast<const C&>(*owner));
          },
          each);
    }
  }
}

/// Of the values that factories made for one key, the last one only may be alive.
void world::check_creations() {
  std::set<std::pair<int, int>> seen;
  for (const fate& each : fates) {
    if (each.container < 0 || each.born == 0 || each.dead != 0) continue;
    if (disturbed[static_cast<std::size_t>(each.container)]) continue;
    expect(seen.insert({each.container, each.key}).second, "two values of one key were created");
  }
}

}  // namespace stress
