#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

import weakref;

// Hashes, comparisons, copies, moves and destructors of keys that throw, use the container, or make an end of
// it, at every moment of every operation. Afterwards the container, if there is one, is whole.

namespace {

using weakref::KeyError;
using weakref::make;
using weakref::None;
using weakref::strong_ref;

/// The code of keys, at a moment that a test chooses.
class Moment {
 public:
  enum class Kind : unsigned char { hash, equal, copy, move, destroy };
  static constexpr std::array all{Kind::hash, Kind::equal, Kind::copy, Kind::move, Kind::destroy};

  /// At the `nth` moment of that kind, once.
  static void arm(Kind kind, int nth, std::function<void()> act) {
    armed_ = kind;
    left_ = nth;
    act_ = std::move(act);
  }
  /// Was the moment reached?
  static bool disarm() { return !std::exchange(act_, nullptr); }

  static void reach(Kind kind) {
    if (!act_ || kind != armed_ || --left_ != 0) return;
    std::exchange(act_, nullptr)();
  }

 private:
  static inline Kind armed_{};
  static inline int left_ = 0;
  static inline std::function<void()> act_;
};

struct Image : weakref::object {};

/// A key that is a value.
struct Key {
  explicit Key(int n) : number(n) {}
  Key(const Key& other) : number(other.number) { Moment::reach(Moment::Kind::copy); }
  Key(Key&& other) : number(other.number) { Moment::reach(Moment::Kind::move); }  // NOLINT: may throw
  Key& operator=(const Key&) = default;
  ~Key() { Moment::reach(Moment::Kind::destroy); }
  int number;
};

/// A key that is an object.
struct Name : weakref::object {
  explicit Name(int n) : number(n) {}
  ~Name() override { Moment::reach(Moment::Kind::destroy); }
  int number;
};

int number_of(const Key& key) { return key.number; }
int number_of(const Name& key) { return key.number; }
int number_of(const strong_ref<Name>& key) { return key->number; }

/// The functions have something to lose when they are destroyed, and few hashes, so that keys meet.
struct Hash {
  template <class K>
  std::size_t operator()(const K& key) const {
    Moment::reach(Moment::Kind::hash);
    return static_cast<std::size_t>(number_of(key) % *buckets);
  }
  std::shared_ptr<const int> buckets = std::make_shared<const int>(2);
};
struct Equal {
  template <class K>
  bool operator()(const K& a, const K& b) const {
    Moment::reach(Moment::Kind::equal);
    return number_of(a) * *factor == number_of(b) * *factor;
  }
  std::shared_ptr<const int> factor = std::make_shared<const int>(1);
};

/// A value that is copied by code of the user.
struct Value {
  explicit Value(int n) : number(n) {}
  Value(const Value& other) : number(other.number) { Moment::reach(Moment::Kind::copy); }
  Value(Value&& other) noexcept : number(other.number) {}
  Value& operator=(const Value&) = default;
  ~Value() { Moment::reach(Moment::Kind::destroy); }
  friend bool operator==(const Value&, const Value&) = default;
  int number;
};

using Values = weakref::WeakValueDictionary<Key, Image, Hash, Equal>;
using Keys = weakref::WeakKeyDictionary<Name, Value, Hash, Equal>;
using Set = weakref::WeakSet<Name, Hash, Equal>;

// What is in each to begin with: keys 0 to 5. And pairs to update it with, made before any code of keys runs:
// what that does before an operation begins is not the container's affair.

struct OfValues {
  using type = Values;
  OfValues() {
    for (int i = 0; i < 6; ++i) {
      owners.push_back(make<Image>());
      container->set(Key(i), owners.back());
    }
  }
  std::vector<strong_ref<Image>> owners;
  const std::vector<std::pair<Key, strong_ref<Image>>> pairs{
      {Key(4), make<Image>()}, {Key(8), make<Image>()}, {Key(9), make<Image>()}};
  std::unique_ptr<Values> container = std::make_unique<Values>();
};
struct OfKeys {
  using type = Keys;
  OfKeys() {
    for (int i = 0; i < 6; ++i) {
      owners.push_back(make<Name>(i));
      container->set(owners.back(), Value(i));
    }
  }
  std::vector<strong_ref<Name>> owners;
  const std::vector<std::pair<strong_ref<Name>, Value>> pairs{{make<Name>(4), Value(1)},
                                                              {make<Name>(8), Value(2)}};
  std::unique_ptr<Keys> container = std::make_unique<Keys>();
};
struct OfElements {
  using type = Set;
  OfElements() {
    for (int i = 0; i < 6; ++i) {
      owners.push_back(make<Name>(i));
      container->add(owners.back());
    }
  }
  std::vector<strong_ref<Name>> owners;
  std::unique_ptr<Set> container = std::make_unique<Set>();
};

template <class State>
struct Operation {
  const char* name;
  std::function<void(typename State::type&, State&)> run;
};

template <class State>
struct Act {
  const char* name;
  std::function<void(State&)> run;
};

/// Does a container hold what it says, each thing once?
template <class C>
bool is_whole(const C& container) {
  std::vector<int> numbers;
  for (const auto& key : container) numbers.push_back(number_of(key));
  std::ranges::sort(numbers);
  return numbers.size() == container.size() && std::ranges::adjacent_find(numbers) == numbers.end();
}

/// Runs every operation with every act at every moment of every kind.
template <class State>
void try_everything(const std::vector<Operation<State>>& operations, const std::vector<Act<State>>& acts) {
  for (const auto& operation : operations) {
    for (const auto& act : acts) {
      for (const Moment::Kind kind : Moment::all) {
        for (int nth = 1;; ++nth) {
          State state;
          Moment::arm(kind, nth, [&] { act.run(state); });
          try {
            operation.run(*state.container, state);
          } catch (const std::runtime_error&) {  // what is thrown here, or by weakref
          } catch (const KeyError&) {
          }
          const bool reached = Moment::disarm();
          if (state.container != nullptr && !is_whole(*state.container)) {
            BOOST_ERROR(operation.name << " leaves no whole container: " << act.name << ", kind "
                                       << static_cast<int>(kind) << ", time " << nth);
          }
          if (!reached) break;
        }
      }
    }
  }
  BOOST_TEST(!operations.empty());
}

/// What the code of keys does then.
template <class State>
std::vector<Act<State>> acts() {
  using C = typename State::type;
  return {
      {"it is destroyed", [](State& s) { s.container.reset(); }},
      {"it is replaced by another", [](State& s) { s.container = std::make_unique<C>(); }},
      {"it is assigned to",
       [](State& s) {
         if (s.container) *s.container = C();
       }},
      {"it is moved",
       [](State& s) {
         if (s.container) s.container = std::make_unique<C>(std::move(*s.container));
       }},
      {"it is copied", [](State& s) { s.container = std::make_unique<C>(*s.container); }},
      {"it is swapped",
       [](State& s) {
         C other;
         s.container->swap(other);
       }},
      {"it is cleared", [](State& s) { s.container->clear(); }},
      {"the owners go", [](State& s) { s.owners.clear(); }},
      {"it is destroyed and the owners go",
       [](State& s) {
         s.container.reset();
         s.owners.clear();
       }},
  };
}

/// What hashes, comparisons and copies throw comes out of the operation, which has done nothing else.
template <class State>
void let_everything_throw(const std::vector<Operation<State>>& operations) {
  for (const auto& operation : operations) {
    for (const Moment::Kind kind : Moment::all) {
      if (kind == Moment::Kind::destroy) continue;
      for (int nth = 1;; ++nth) {
        State state;
        bool threw = false;
        Moment::arm(kind, nth, [] { throw std::logic_error("hostile"); });
        try {
          operation.run(*state.container, state);
        } catch (const std::logic_error& error) {
          threw = error.what() == std::string("hostile");
        } catch (const std::runtime_error&) {
        }
        const bool reached = Moment::disarm();
        if (threw != reached) {
          BOOST_ERROR(operation.name << " loses what kind " << static_cast<int>(kind) << " throws, time "
                                     << nth);
        }
        if (!is_whole(*state.container)) BOOST_ERROR(operation.name << " leaves no whole container");
        if (!reached) break;
      }
    }
  }
  BOOST_TEST(!operations.empty());
}

const std::vector<Operation<OfValues>> on_values{
    {"get", [](Values& d, OfValues&) { (void)d.get(Key(4)); }},
    {"get of what is not there", [](Values& d, OfValues&) { (void)d.get(Key(8)); }},
    {"contains", [](Values& d, OfValues&) { (void)d.contains(Key(4)); }},
    {"at", [](Values& d, OfValues&) { (void)d.at(Key(5)); }},
    {"set", [](Values& d, OfValues&) { d.set(Key(8), make<Image>()); }},
    {"set of what is there", [](Values& d, OfValues& s) { d.set(Key(4), strong_ref<Image>(s.owners[0])); }},
    {"setdefault", [](Values& d, OfValues&) { (void)d.setdefault(Key(9), make<Image>()); }},
    {"setdefault of what is there", [](Values& d, OfValues&) { (void)d.setdefault(Key(4), make<Image>()); }},
    {"erase", [](Values& d, OfValues&) { d.erase(Key(4)); }},
    {"pop", [](Values& d, OfValues&) { (void)d.pop(Key(5), None); }},
    {"popitem", [](Values& d, OfValues&) { (void)d.popitem(); }},
    {"clear", [](Values& d, OfValues&) { d.clear(); }},
    {"get_or_create",
     [](Values& d, OfValues&) { (void)d.get_or_create(Key(8), [] { return make<Image>(); }); }},
    {"get_or_create of what is there",
     [](Values& d, OfValues&) { (void)d.get_or_create(Key(4), [] { return make<Image>(); }); }},
    {"update", [](Values& d, OfValues& s) { d.update(s.pairs); }},
    {"update from itself", [](Values& d, OfValues&) { d.update(d); }},
    {"union in place", [](Values& d, OfValues& s) { d |= s.pairs; }},
    {"comparison with pairs", [](Values& d, OfValues& s) { (void)(d == s.pairs); }},
    {"union with itself", [](Values& d, OfValues&) { (void)(d | d); }},
    {"copy", [](Values& d, OfValues&) { (void)d.copy(); }},
    {"deepcopy", [](Values& d, OfValues&) { (void)d.deepcopy(); }},
    {"==", [](Values& d, OfValues&) { (void)(d == d); }},
    {"valuerefs", [](Values& d, OfValues&) { (void)d.valuerefs(); }},
    {"iteration",
     [](Values& d, OfValues&) {
       for (const auto& [key, value] : d.items()) (void)key.number;
     }},
};

const std::vector<Operation<OfKeys>> on_keys{
    {"get", [](Keys& d, OfKeys&) { (void)d.get(*make<Name>(4)); }},
    {"get of what is not there", [](Keys& d, OfKeys&) { (void)d.get(make<Name>(8)); }},
    {"contains", [](Keys& d, OfKeys&) { (void)d.contains(make<Name>(4)); }},
    {"at", [](Keys& d, OfKeys&) { (void)d.at(make<Name>(5)); }},
    {"set", [](Keys& d, OfKeys&) { d.set(make<Name>(8), Value(8)); }},
    {"set of what is there", [](Keys& d, OfKeys&) { d.set(make<Name>(4), Value(8)); }},
    {"setdefault", [](Keys& d, OfKeys&) { (void)d.setdefault(make<Name>(9), Value(9)); }},
    {"setdefault of what is there", [](Keys& d, OfKeys&) { (void)d.setdefault(make<Name>(4), Value(9)); }},
    {"erase", [](Keys& d, OfKeys&) { d.erase(make<Name>(4)); }},
    {"pop", [](Keys& d, OfKeys&) { (void)d.pop(make<Name>(5)); }},
    {"popitem", [](Keys& d, OfKeys&) { (void)d.popitem(); }},
    {"clear", [](Keys& d, OfKeys&) { d.clear(); }},
    {"get_or_create",
     [](Keys& d, OfKeys&) { (void)d.get_or_create(make<Name>(8), [] { return Value(1); }); }},
    {"get_or_create of what is there",
     [](Keys& d, OfKeys&) { (void)d.get_or_create(make<Name>(4), [] { return Value(1); }); }},
    {"update", [](Keys& d, OfKeys& s) { d.update(s.pairs); }},
    {"comparison with pairs", [](Keys& d, OfKeys& s) { (void)(d == s.pairs); }},
    {"update from itself", [](Keys& d, OfKeys&) { d.update(d); }},
    {"union with itself", [](Keys& d, OfKeys&) { (void)(d | d); }},
    {"copy", [](Keys& d, OfKeys&) { (void)d.copy(); }},
    {"deepcopy", [](Keys& d, OfKeys&) { (void)d.deepcopy(); }},
    {"==", [](Keys& d, OfKeys&) { (void)(d == d); }},
    {"keyrefs", [](Keys& d, OfKeys&) { (void)d.keyrefs(); }},
    {"iteration",
     [](Keys& d, OfKeys&) {
       for (const auto& [key, value] : d.items()) (void)key->number;
     }},
};

using Elements = std::vector<strong_ref<Name>>;
Elements some_elements() { return {make<Name>(1), make<Name>(8), make<Name>(4), make<Name>(9)}; }

const std::vector<Operation<OfElements>> on_elements{
    {"contains", [](Set& s, OfElements&) { (void)s.contains(make<Name>(4)); }},
    {"add", [](Set& s, OfElements&) { s.add(make<Name>(8)); }},
    {"add of what is there", [](Set& s, OfElements&) { s.add(make<Name>(4)); }},
    {"discard", [](Set& s, OfElements&) { s.discard(make<Name>(4)); }},
    {"remove", [](Set& s, OfElements&) { s.remove(make<Name>(5)); }},
    {"pop", [](Set& s, OfElements&) { (void)s.pop(); }},
    {"clear", [](Set& s, OfElements&) { s.clear(); }},
    {"copy", [](Set& s, OfElements&) { (void)s.copy(); }},
    {"update", [](Set& s, OfElements&) { s.update(some_elements()); }},
    {"union", [](Set& s, OfElements&) { (void)s.union_(some_elements()); }},
    {"intersection", [](Set& s, OfElements&) { (void)s.intersection(some_elements()); }},
    {"intersection in place", [](Set& s, OfElements&) { s.intersection_update(some_elements()); }},
    {"union with itself", [](Set& s, OfElements&) { (void)(s | s); }},
    {"==", [](Set& s, OfElements&) { (void)(s == s); }},
    {"<", [](Set& s, OfElements&) { (void)(s < s); }},
    {">", [](Set& s, OfElements&) { (void)(s > s); }},
    {"intersection with itself", [](Set& s, OfElements&) { s &= s; }},
    {"difference", [](Set& s, OfElements&) { (void)s.difference(some_elements()); }},
    {"difference in place", [](Set& s, OfElements&) { s.difference_update(some_elements()); }},
    {"difference from itself", [](Set& s, OfElements&) { s -= s; }},
    {"symmetric difference", [](Set& s, OfElements&) { (void)s.symmetric_difference(some_elements()); }},
    {"symmetric difference in place",
     [](Set& s, OfElements&) { s.symmetric_difference_update(some_elements()); }},
    {"issubset", [](Set& s, OfElements&) { (void)s.issubset(some_elements()); }},
    {"issubset of itself", [](Set& s, OfElements&) { (void)(s <= s); }},
    {"issuperset", [](Set& s, OfElements&) { (void)s.issuperset(Elements{make<Name>(2), make<Name>(3)}); }},
    {"isdisjoint", [](Set& s, OfElements&) { (void)s.isdisjoint(Elements{make<Name>(8), make<Name>(2)}); }},
    {"iteration",
     [](Set& s, OfElements&) {
       for (const auto& element : s) (void)element->number;
     }},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_keys)

BOOST_AUTO_TEST_CASE(a_value_dictionary_bears_everything) { try_everything(on_values, acts<OfValues>()); }
BOOST_AUTO_TEST_CASE(a_key_dictionary_bears_everything) { try_everything(on_keys, acts<OfKeys>()); }
BOOST_AUTO_TEST_CASE(a_set_bears_everything) { try_everything(on_elements, acts<OfElements>()); }

BOOST_AUTO_TEST_CASE(a_value_dictionary_survives_what_is_thrown) { let_everything_throw(on_values); }
BOOST_AUTO_TEST_CASE(a_key_dictionary_survives_what_is_thrown) { let_everything_throw(on_keys); }
BOOST_AUTO_TEST_CASE(a_set_survives_what_is_thrown) { let_everything_throw(on_elements); }

BOOST_AUTO_TEST_CASE(an_iterator_and_references_outlive_a_cleared_container_that_is_gone) {
  OfValues state;
  auto here = state.container->begin();
  ++here;
  auto copied = here;
  auto references = state.container->valuerefs();
  state.container->clear();
  BOOST_TEST((*here).number == 1);
  state.container->set(Key(7), state.owners[0]);
  state.container.reset();
  BOOST_TEST((*copied).number == 1);
  ++copied;
  BOOST_TEST((copied == Values::iterator()));
  BOOST_TEST(((*references[2])() == state.owners[2]));
  state.owners.clear();
  BOOST_TEST(references[2]->expired());
  ++here;
  BOOST_TEST((here == Values::iterator()));
}

BOOST_AUTO_TEST_CASE(many_keys_of_one_hash_are_kept_apart_and_in_order) {
  struct One {
    std::size_t operator()(int) const { return 1; }
  };
  constexpr int many = 3000;
  weakref::WeakValueDictionary<int, Image, One> numbered;
  std::vector<strong_ref<Image>> owners;
  for (int i = 0; i < many; ++i) numbered.set(i, owners.emplace_back(make<Image>()));
  int next = 0;
  for (const int number : numbered) BOOST_REQUIRE(number == next++);
  for (int i = 0; i < many; i += 7) BOOST_REQUIRE((numbered.get(i) == owners[static_cast<std::size_t>(i)]));
  owners.clear();
  BOOST_TEST(numbered.empty());
}

BOOST_AUTO_TEST_SUITE_END()
