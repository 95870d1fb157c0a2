module;

#include <deque>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

export module weakref:sequence;

import :object;

// Python's array.array and collections.deque.

namespace weakref {

/// Numbers side by side: a std::vector that is an object, with Python's names besides. Complexity and thread
/// safety: those of std::vector. Source: the Python documentation, array.array.
export template <class T>
  requires std::is_arithmetic_v<T>
class array : public object, public std::vector<T> {
  using base = std::vector<T>;

 public:
  using base::base;
  array() = default;

  void append(T number) { this->push_back(number); }
  /// Takes the last one out. Throws std::out_of_range if there is none.
  T pop() {
    if (this->empty()) throw std::out_of_range("pop from empty array");
    const T last = this->back();
    this->pop_back();
    return last;
  }
};

/// A std::deque that is an object, with Python's names besides. Complexity and thread safety: those of
/// std::deque. Source: the Python documentation, collections.deque.
export template <class T>
class deque : public object, public std::deque<T> {
  using base = std::deque<T>;

 public:
  using base::base;
  deque() = default;

  void append(T element) { this->push_back(std::move(element)); }
  void appendleft(T element) { this->push_front(std::move(element)); }
  /// Takes the last one out. Throws std::out_of_range if there is none.
  T pop() {
    if (this->empty()) throw std::out_of_range("pop from an empty deque");
    T last = std::move(this->back());
    this->pop_back();
    return last;
  }
  /// Takes the first one out. Throws std::out_of_range if there is none.
  T popleft() {
    if (this->empty()) throw std::out_of_range("pop from an empty deque");
    T first = std::move(this->front());
    this->pop_front();
    return first;
  }
};

}  // namespace weakref
