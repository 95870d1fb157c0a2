// error: cannot create weak reference to 'int' object

import weakref;

int main() { weakref::ref r{5}; }
