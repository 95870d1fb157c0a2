module;

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

export module weakref:key;

import :table;

// How keys that are values of the user are looked up.

namespace weakref::detail {

template <class Hash, class Equal>
concept transparent = requires {
  typename Hash::is_transparent;
  typename Equal::is_transparent;
};

/// What is looked for: the key that is given; or, where that is a d[key], the value that it reads.
template <class L>
struct sought {
  using type = L;
  static const L& of(const L& key) noexcept { return key; }
};

/// What may be looked up where the keys are K.
template <class L, class K, class Hash, class Equal>
concept key_for = transparent<Hash, Equal> || std::convertible_to<const typename sought<L>::type&, K>;

/// Compared by the standard library and the processor alone.
template <class K>
concept plain_key = std::is_arithmetic_v<K> || std::is_pointer_v<K> || std::same_as<K, std::string> ||
                    std::same_as<K, std::string_view>;

template <class K, class L, class Equal>
inline constexpr bool equal_runs_no_user_code =
    plain_key<K> && plain_key<L> &&
    (std::same_as<Equal, std::equal_to<K>> || std::same_as<Equal, std::equal_to<>>);

/// Does looking an L up run no user code at all: to hash, to compare, or to make a K of it?
template <class K, class L, class Hash, class Equal>
inline constexpr bool plain_lookup =
    equal_runs_no_user_code<K, K, Equal> && std::same_as<Hash, std::hash<K>> &&
    (plain_key<L> || std::same_as<std::remove_cvref_t<std::remove_all_extents_t<L>>, char>);

/// The key in the form in which it is hashed and compared: as it is, or made a K.
template <class K, class Hash, class Equal, class L>
constexpr decltype(auto) as_key(const L& key) {
  using type = typename sought<L>::type;
  if constexpr (std::same_as<type, L> && (std::same_as<K, L> || transparent<Hash, Equal>)) {
    return (key);
  } else {
    return static_cast<K>(sought<L>::of(key));
  }
}

/// Hash and equality of the keys of one container. `Entry` has matches(entry, equal, key), and says by
/// compares<Equal, L> what that takes.
template <class Entry, class Hash, class Equal>
class key_functions {
 public:
  explicit key_functions(Hash hash = Hash(), Equal equal = Equal()) : hash_(hash), equal_(equal) {}

  template <class L>
  [[nodiscard]] std::size_t hash(const L& key) const {
    return static_cast<std::size_t>(hash_(key));
  }

  /// What is equal to a key, for as long as that and these functions live: user code may not destroy them.
  template <class L>
  class lookup {
   public:
    lookup(const key_functions& functions, const L& key) : lookup(functions, key, functions.hash(key)) {}
    lookup(const key_functions& functions, const L& key, std::size_t hash)
        : functions_(functions),
          key_(key),
          hash_(hash) {}
    lookup(const lookup&) = delete;
    lookup& operator=(const lookup&) = delete;

    operator query() const noexcept { return {hash_, this, equal, Entry::template compares<Equal, L>}; }

   private:
    static bool equal(const entry_links& entry, const void* self) {
      const auto& wanted = *static_cast<const lookup*>(self);
      return Entry::matches(static_cast<const Entry&>(entry), wanted.functions_.equal_, wanted.key_);
    }

    const key_functions& functions_;
    const L& key_;
    std::size_t hash_;
  };

 private:
  [[no_unique_address]] Hash hash_;
  [[no_unique_address]] Equal equal_;
};

}  // namespace weakref::detail
