// Compiles: what is wrong with the other files here is theirs alone.
import weakref;

int main() {}
