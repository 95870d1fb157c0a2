// error: cannot create weak reference to 'Film' object: weakref::object must be a public

import weakref;

struct Image : weakref::object {};
struct Sound : weakref::object {};
struct Film : Image, Sound {};
int main() { weakref::make<Film>(); }
