// error: cannot create weak reference to 'Diamond' object: weakref::object must be a public

import weakref;

struct Diamond : virtual weakref::object {};
int main() { weakref::make<Diamond>(); }
