// error: weakref::object must be a public, unambiguous and non-virtual base

import weakref;

struct Diamond : virtual weakref::object {};
int main() { weakref::make<Diamond>(); }
