// error: cannot create weak reference to 'Slotted' object

import weakref;

struct Slotted : weakref::object {};
template <>
inline constexpr bool weakref::enable_weakref<Slotted> = false;
int main() { auto p = weakref::proxy(weakref::make<Slotted>()); }
