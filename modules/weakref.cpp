module weakref;

namespace weakref {

int placeholder_until_merge() { return 42; }

}  // namespace weakref
