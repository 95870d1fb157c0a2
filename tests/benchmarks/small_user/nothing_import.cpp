import weakref;

int main() {}
