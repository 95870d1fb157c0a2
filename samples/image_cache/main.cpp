import weakref;

int main() { return weakref::placeholder_until_merge() == 42 ? 0 : 1; }
