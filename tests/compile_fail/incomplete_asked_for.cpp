// error: 'Image' is incomplete: define the class before its objects are used

import weakref;

struct Image;
int main() { static_assert(weakref::is_weakly_referenceable_v<Image>); }
