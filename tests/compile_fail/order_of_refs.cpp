// error: deleted

import weakref;

struct Image : weakref::object {};
bool less(const weakref::ref<Image>& a, const weakref::ref<Image>& b) { return a < b; }
int main() {}
