#include <cstdlib>
#include <thread>

#include <boost/test/unit_test.hpp>

// Counting is atomic once a process has had a second thread. WEAKREF_SECOND_THREAD in the environment makes
// every case run in that mode; without it, those that start no thread run in the other.

namespace {

struct SecondThread {
  SecondThread() {
    if (std::getenv("WEAKREF_SECOND_THREAD") != nullptr) std::thread([] {}).join();
  }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(SecondThread);
