// error: 'Image' is incomplete: define the class before its objects are used

import weakref;

struct Image;
int main() { weakref::make<Image>(); }
