// error: cannot create weak reference to 'weakref::ref<Image>' object

import weakref;

struct Image : weakref::object {};
int main() { weakref::ref<weakref::ref<Image>> r; }
