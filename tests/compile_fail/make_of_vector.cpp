// error: cannot create weak reference to 'std::vector<int>' object
#include <vector>

import weakref;

int main() { weakref::make<std::vector<int>>(); }
