module;

#include <array>
#include <cstdint>
#include <memory>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>
#include <boost/smart_ptr/weak_ptr.hpp>

export module contenders;

import weakref;

// Who is measured: families of pointers with one face, all to the same payload.
//
// What importers call is `inline`, or else it would be a call in a loop where the peers' headers have none.

namespace benchmarks {

/// 32 bytes behind a virtual destructor, whichever base brings that.
export template <class Base>
struct payload : Base {
  std::array<std::uint64_t, 4> words{1, 2, 3, 4};
};

struct polymorphic {
  polymorphic() = default;
  polymorphic(const polymorphic&) = delete;
  polymorphic& operator=(const polymorphic&) = delete;
  virtual ~polymorphic() = default;
};

struct counted : polymorphic, boost::intrusive_ref_counter<counted, boost::thread_safe_counter> {};

export using plain_payload = payload<polymorphic>;
export using object_payload = payload<weakref::object>;

export struct weakref_family {
  using strong = weakref::strong_ref<object_payload>;
  using weak = weakref::ref<object_payload>;
  static inline strong make() { return weakref::make<object_payload>(); }
  static inline strong lock(const weak& reference) noexcept { return reference(); }
};

export struct std_family {
  using strong = std::shared_ptr<plain_payload>;
  using weak = std::weak_ptr<plain_payload>;
  static inline strong make() { return std::make_shared<plain_payload>(); }
  static inline strong lock(const weak& reference) noexcept { return reference.lock(); }
};

export struct boost_family {
  using strong = boost::shared_ptr<plain_payload>;
  using weak = boost::weak_ptr<plain_payload>;
  static inline strong make() { return boost::make_shared<plain_payload>(); }
  static inline strong lock(const weak& reference) noexcept { return reference.lock(); }
};

/// Owners of one thread only, without atomics; has no weak references of its own.
export struct boost_local_family {
  using strong = boost::local_shared_ptr<plain_payload>;
  static inline strong make() { return boost::make_local_shared<plain_payload>(); }
};

/// Counts inside the object; has no weak references.
export struct boost_intrusive_family {
  using strong = boost::intrusive_ptr<payload<counted>>;
  static inline strong make() { return strong(new payload<counted>); }
};

/// One owner, no counts: what the allocator alone costs.
export struct unique_family {
  using strong = std::unique_ptr<plain_payload>;
  static inline strong make() { return std::make_unique<plain_payload>(); }
};

}  // namespace benchmarks
