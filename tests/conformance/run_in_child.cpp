#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

import weakref;

// The program that finalize_test.cpp runs to its exit: Python's FinalizeTestCase.run_in_child.

struct ZeroDivisionError : std::runtime_error {
  ZeroDivisionError() : runtime_error("division by zero") {}
};

namespace {

const std::string global = "foobar";

struct Class : weakref::object {};

void print(const std::string& line) { std::puts(line.c_str()); }
void print_both(const std::string& first, const std::string& second) { print(first + " " + second); }

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

int main() {
  // It stays alive until the finalizers run.
  static const auto cls = weakref::make<Class>();

  const auto error = [] {
    // Made in a finalizer that runs at exit, it is the next to be run.
    const weakref::finalize g1{cls, print, "g1"};
    print("f3 error");
    throw ZeroDivisionError();
  };

  const weakref::finalize f1{cls, print_both, "f1", global};
  const weakref::finalize f2{cls, print_both, "f2", global};
  const weakref::finalize f3{cls, error};
  const weakref::finalize f4{cls, print_both, "f4", global};

  require(f1.atexit() == true);
  f2.atexit(false);
  require(f2.atexit() == false);
  require(f3.atexit() == true);
  require(f4.atexit() == true);
}
