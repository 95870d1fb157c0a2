// error: cannot create weak reference to 'std::runtime_error' object
#include <stdexcept>

import weakref;

int main() { weakref::make<std::runtime_error>("no"); }
