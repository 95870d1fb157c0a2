module;

#include <cctype>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

module oracle;

import weakref;

namespace oracle {
namespace {

template <class T>
constexpr bool is_container = false;
template <class T>
constexpr bool is_container<std::shared_ptr<T>> = true;

template <class T>
std::string_view name_of() {
  if constexpr (std::is_same_v<T, std::shared_ptr<ValueDictionary>>) return "WeakValueDictionary";
  if constexpr (std::is_same_v<T, std::shared_ptr<KeyDictionary>>) return "WeakKeyDictionary";
  if constexpr (std::is_same_v<T, std::shared_ptr<IdKeyDictionary>>) return "WeakIdKeyDictionary";
  if constexpr (std::is_same_v<T, std::shared_ptr<Set>>) return "WeakSet";
  if constexpr (std::is_same_v<T, std::shared_ptr<IdSet>>) return "WeakIdSet";
  if constexpr (std::is_same_v<T, std::shared_ptr<Iteration>>) return "iteration";
  return "list";
}

std::string with_names(std::string text, const Value& value) {
  const std::string names = machine().names_of(value);
  return names.empty() ? text : text + " = " + names;
}

std::string show_referent(const Object& referent) {
  return referent == weakref::None ? "dead" : show(referent);
}

std::string show_list(const List& list) {
  std::string text;
  for (const Value& value : list) text += (text.empty() ? "" : ", ") + show(value);
  return "[" + text + "]";
}

struct shower {
  const Value& shown;

  std::string operator()(std::nullptr_t) const { return "None"; }
  std::string operator()(bool value) const { return value ? "True" : "False"; }
  std::string operator()(std::size_t value) const { return std::to_string(value); }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const Object& object) const { return show(object); }
  std::string operator()(const FunctionObject& function) const { return "function " + function->block(); }
  std::string operator()(const Method& method) const {
    return "method " + method->func()->block() + " of " + show(method->self());
  }
  std::string operator()(const Proxy& proxy) const {
    Object referent;
    try {
      referent = proxy.operator->();
    } catch (const weakref::ReferenceError&) {
    }
    return with_names("proxy(" + show_referent(referent) + ")", shown);
  }
  std::string operator()(const Finalizer& finalizer) const {
    return with_names(finalizer.alive() ? "finalize(alive)" : "finalize(dead)", shown);
  }
  template <class T>
  std::string operator()(const T& other) const {
    if constexpr (std::is_same_v<T, std::shared_ptr<List>>) {
      return show_list(*other);
    } else if constexpr (is_container<T>) {
      return with_names(std::string(name_of<T>()), shown);
    } else {
      return with_names("ref(" + show_referent(Reference(other)()) + ")", shown);
    }
  }
};

struct identity {
  const Value& other;

  bool operator()(const std::string& text) const { return text == std::get<std::string>(other); }
  bool operator()(const Proxy& proxy) const { return is(proxy, std::get<Proxy>(other)); }
  template <class T>
  bool operator()(const T& value) const {
    return value == std::get<T>(other);
  }
};

}  // namespace

Value value_of(Object object) {
  if (object == weakref::None) return nullptr;
  return object;
}

std::optional<Reference> as_reference(const Value& value) {
  if (const auto* plain = std::get_if<Reference>(&value)) return *plain;
  if (const auto* tagged = std::get_if<TaggedReference>(&value)) return Reference(*tagged);
  if (const auto* keyed = std::get_if<KeyedReference>(&value)) return Reference(*keyed);
  if (const auto* method = std::get_if<WeakMethod>(&value)) return Reference(*method);
  return std::nullopt;
}

bool same(const Value& a, const Value& b) {
  if (const auto x = as_reference(a)) {
    const auto y = as_reference(b);
    return y && is(*x, *y);
  }
  if (a.index() != b.index()) return false;
  return std::visit(identity{b}, static_cast<const AnyValue&>(a));
}

std::string show(const Object& object) {
  return object == weakref::None ? "None" : "#" + std::to_string(object->number());
}

std::string show(const Value& value) {
  return std::visit(shower{value}, static_cast<const AnyValue&>(value));
}

std::string anonymous(std::string_view text) {
  constexpr std::string_view mangled = "N6oracleW6oracle";
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("0x")) {
      at += 2;
      while (at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at]))) ++at;
      result += '@';
    } else if (rest.starts_with(mangled)) {
      // As older standard libraries leave the names of classes in modules: their length, name, and an E.
      at += mangled.size();
      std::size_t length = 0;
      for (; std::isdigit(static_cast<unsigned char>(text[at])) != 0; ++at) {
        length = 10 * length + static_cast<std::size_t>(text[at] - '0');
      }
      result += text.substr(at, length);
      at += length + 1;
    } else if (rest.starts_with("oracle::")) {
      at += 8;
    } else if (rest.starts_with("@oracle")) {
      at += 7;
    } else {
      result += text[at++];
    }
  }
  return result;
}

std::string describe(const std::exception_ptr& exception) {
  const auto named = [](std::string_view name, const std::exception& error) {
    return std::string(name) + ": " + anonymous(error.what());
  };
  try {
    std::rethrow_exception(exception);
  } catch (const Raised& raised) {
    return "Raised: " + raised.name;
  } catch (const Ended&) {
    return "StopIteration";
  } catch (const Inapplicable&) {
    return "not applicable";
  } catch (const weakref::KeyError& error) {
    return named("KeyError", error);
  } catch (const weakref::TypeError& error) {
    return named("TypeError", error);
  } catch (const weakref::ReferenceError& error) {
    return named("ReferenceError", error);
  } catch (const weakref::RuntimeError& error) {
    return named("RuntimeError", error);
  } catch (const std::exception& error) {
    return named("exception", error);
  }
}

}  // namespace oracle
