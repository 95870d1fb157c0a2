#include <memory>

int main() {}
