// error: a temporary object has no owner: refer to one that make() made

import weakref;

struct Image : weakref::object {};
int main() { weakref::ref r{Image()}; }
