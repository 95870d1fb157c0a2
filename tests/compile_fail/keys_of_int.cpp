// error: cannot create weak reference to 'int' object
import weakref;

int main() { weakref::WeakKeyDictionary<int, int> d; }
