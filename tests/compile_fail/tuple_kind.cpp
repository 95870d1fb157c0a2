// error: cannot create weak reference to 'Tuple' object
#include <tuple>

import weakref;

struct Tuple : weakref::object, std::tuple<int> {};
int main() { weakref::ref r{weakref::make<Tuple>()}; }
