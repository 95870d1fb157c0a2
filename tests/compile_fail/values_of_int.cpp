// error: cannot create weak reference to 'int' object
#include <string>

import weakref;

int main() { weakref::WeakValueDictionary<std::string, int> d; }
