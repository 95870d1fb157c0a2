#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <typeinfo>
#include <utility>
#include <variant>

import weakref;

// The classes of programs. Whatever a user could have written does what the program wants to happen
// meanwhile, and every class knows how many of its objects are alive. Counts are relaxed, so as to order
// nothing that the library does not.

namespace stress {

/// Where the program may do something: throw, if that is allowed here.
enum class throwing_is : bool { forbidden, allowed };
void user_code(throwing_is allowed);

struct Thrown : std::runtime_error {
  Thrown() : std::runtime_error("thrown by user code") {}
};

/// Ends the process, with the text and the seed of the program, unless the condition holds.
void expect(bool held, const char* otherwise);

class count {
 public:
  void operator++() noexcept { value_.fetch_add(1, std::memory_order_relaxed); }
  void operator--() noexcept { value_.fetch_sub(1, std::memory_order_relaxed); }
  int next() noexcept { return value_.fetch_add(1, std::memory_order_relaxed); }
  operator int() const noexcept { return value_.load(std::memory_order_relaxed); }  // NOLINT

 private:
  std::atomic<int> value_{0};
};

template <class T>
class counted {
 public:
  counted() noexcept { ++alive; }
  counted(const counted&) noexcept { ++alive; }
  counted& operator=(const counted&) noexcept = default;
  ~counted() { --alive; }

  static inline count alive;
};

/// What became of a thing.
struct fate {
  count born, dead;
  count owners;  // that the program has
  int number = 0;
  int container = -1, key = -1;  // for which a factory made it
};

class Thing;

/// An owner that is counted.
class Owner {
 public:
  Owner() noexcept = default;
  Owner(weakref::strong_ref<Thing> owned) noexcept;  // NOLINT(google-explicit-constructor)
  Owner(const Owner& other) noexcept : Owner(other.owned) {}
  Owner(Owner&& other) noexcept : owned(std::move(other.owned)) {}
  Owner& operator=(Owner other) noexcept {
    owned.swap(other.owned);
    return *this;
  }
  ~Owner();

  explicit operator bool() const noexcept { return static_cast<bool>(owned); }
  Thing* operator->() const noexcept { return owned.get(); }

  weakref::strong_ref<Thing> owned;
};

/// Two are equal if their numbers are neighbours.
class Thing : public weakref::object, counted<Thing> {
 public:
  using counted<Thing>::alive;

  explicit Thing(fate& mine, Owner owner_of = {});
  ~Thing() override;

  [[nodiscard]] int likeness() const { return mine_.number / 2; }
  [[nodiscard]] const Owner& owned() const { return owned_; }
  [[nodiscard]] fate& its_fate() const { return mine_; }
  void check_that_it_is_whole() const { expect(whole_ == 1234567, "a thing is used that is dead"); }

  friend bool operator==(const Thing& a, const Thing& b) {
    user_code(throwing_is::allowed);
    a.check_that_it_is_whole();
    b.check_that_it_is_whole();
    return a.likeness() == b.likeness();
  }

 private:
  fate& mine_;
  Owner owned_;
  int whole_ = 1234567;
};

class Mortal : public Thing {
 public:
  explicit Mortal(fate& mine, Owner owner_of = {}, bool resurrects = false)
      : Thing(mine, std::move(owner_of)),
        resurrects_(resurrects) {}

 protected:
  void del() override;

 private:
  bool resurrects_;
};

/// The function of bound methods: an object itself.
struct Function : weakref::object, counted<Function> {
  void operator()(const Thing& self) const { self.check_that_it_is_whole(); }
};

/// Runs no user code in its moves, as few classes do.
class Value : counted<Value> {
 public:
  using counted<Value>::alive;

  explicit Value(Owner owned = {}) noexcept : owned_(std::move(owned)) {}
  Value(const Value& other) : counted<Value>(other), owned_(other.owned_) { user_code(throwing_is::allowed); }
  Value(Value&&) noexcept = default;
  Value& operator=(Value other) noexcept {
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~Value() { user_code(throwing_is::forbidden); }

  friend bool operator==(const Value& a, const Value& b) {
    user_code(throwing_is::allowed);
    return a.owned_.owned == b.owned_.owned;
  }

 private:
  Owner owned_;
};

/// Everything that a key can do may throw.
struct Key : counted<Key> {
  explicit Key(int n) noexcept : number(n) {}
  Key(const Key& other) : counted<Key>(other), number(other.number) { user_code(throwing_is::allowed); }
  Key(Key&& other) : counted<Key>(other), number(other.number) { user_code(throwing_is::allowed); }  // NOLINT
  Key& operator=(const Key& other) {
    user_code(throwing_is::allowed);
    number = other.number;
    return *this;
  }
  ~Key() { user_code(throwing_is::forbidden); }

  friend bool operator==(const Key& a, const Key& b) {
    user_code(throwing_is::allowed);
    return a.number == b.number;
  }

  int number;
};

/// What became of a callback or a finalizer.
struct record {
  count calls, detached;
  count unknown;  // it threw when it was detached
  bool finalizes = false;
  const fate* referent = nullptr;
};

/// What callbacks and finalizers are made of: a copy costs user code, and may own something.
class Recorder : counted<Recorder> {
 public:
  using counted<Recorder>::alive;

  Recorder(record& mine, Owner owned) noexcept : mine_(&mine), owned_(std::move(owned)) {}
  Recorder(const Recorder& other) : counted<Recorder>(other), mine_(other.mine_), owned_(other.owned_) {
    user_code(throwing_is::allowed);
  }
  Recorder(Recorder&&) noexcept = default;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() { user_code(throwing_is::forbidden); }

  [[nodiscard]] const fate* referent() const { return mine_->referent; }

 protected:
  void call() const {
    ++mine_->calls;
    user_code(throwing_is::allowed);
  }

 private:
  record* mine_;
  Owner owned_;
};

using Method = weakref::WeakMethod<Thing, weakref::strong_ref<Function>>;

/// A callback of every kind of reference.
struct Callback : Recorder {
  using Recorder::Recorder;

  void operator()(const weakref::ref<Thing>& dead) const {
    expect(dead.expired() && dead() == weakref::None && !dead.has_callback(),
           "a callback runs, and its reference is alive");
    call();
  }
  void operator()(const weakref::ProxyType<Thing>& dead) const {
    expect(repr(dead).ends_with("; dead>"), "a callback runs, and its proxy is alive");
    call();
  }
  void operator()(const Method& dead) const {
    expect(dead() == weakref::None, "a callback runs, and its method is alive");
    call();
  }
};

/// What a finalizer runs.
struct Ending : Recorder {
  using Recorder::Recorder;
  void operator()() const { call(); }
};

/// A class of references of the user's own.
struct Tagged : weakref::ReferenceType<Thing>, counted<Tagged> {
  Tagged(const weakref::strong_ref<Thing>& referent, weakref::callback_of<Thing> callback)
      : ReferenceType(referent, std::move(callback)) {}
  ~Tagged() override { user_code(throwing_is::forbidden); }
};

using Keyed = weakref::KeyedRef<Thing, Key>;

}  // namespace stress

template <>
struct std::hash<stress::Thing> {
  std::size_t operator()(const stress::Thing& hashed) const {
    stress::user_code(stress::throwing_is::allowed);
    hashed.check_that_it_is_whole();
    return static_cast<std::size_t>(hashed.likeness() % 2);
  }
};

/// Some collide.
template <>
struct std::hash<stress::Key> {
  std::size_t operator()(const stress::Key& hashed) const {
    stress::user_code(stress::throwing_is::allowed);
    return static_cast<std::size_t>(hashed.number % 2);
  }
};
