// error: cannot create weak reference to 'Image' object: weakref::object must be a public

import weakref;

class Image : weakref::object {};
int main() { weakref::make<Image>(); }
