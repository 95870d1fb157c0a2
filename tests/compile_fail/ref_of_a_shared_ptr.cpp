// error: cannot create weak reference to 'std::shared_ptr<Image>' object: give an owner, as make() returns it
#include <memory>

import weakref;

struct Image : weakref::object {};
int main() { weakref::ref r{std::make_shared<Image>()}; }
