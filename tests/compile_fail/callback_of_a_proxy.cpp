// error: a callback must be callable with the proxy

import weakref;

struct Image : weakref::object {};
int main() {
  auto p = weakref::proxy(weakref::make<Image>(), [](int) {});
}
