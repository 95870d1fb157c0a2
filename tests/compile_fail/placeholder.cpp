// error: nothing_of_that_name
import weakref;

int main() { return weakref::placeholder_until_merge() + nothing_of_that_name; }
