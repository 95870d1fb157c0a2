export module weakref;

namespace weakref {

export int placeholder_until_merge();

}  // namespace weakref
