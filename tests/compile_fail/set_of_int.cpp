// error: cannot create weak reference to 'int' object
import weakref;

int main() { weakref::WeakSet<int> s; }
