// error: cannot create weak reference to 'double' object

import weakref;

int main() { weakref::make<double>(1.5); }
