#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

import weakref.protocol;

// The lock of the tables: short sections exclude one another, and who waits for long sleeps.

namespace {

using Lock = weakref::protocol::brief_lock<weakref::protocol::atomic_counting>;

bool sleeps(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] == 'S';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(brief_lock)

BOOST_AUTO_TEST_CASE(sections_exclude_one_another) {
  Lock lock;
  long count = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50'000; ++i) {
          const std::lock_guard guard(lock);
          ++count;
        }
      });
    }
  }
  BOOST_TEST(count == 200'000);
}

BOOST_AUTO_TEST_CASE(those_who_wait_for_long_sleep_and_are_all_woken) {
  for (int round = 0; round < 20; ++round) {
    Lock lock;
    std::array<std::atomic<pid_t>, 3> waiting{};
    int entered = 0;
    lock.lock();
    std::vector<std::jthread> threads;
    for (auto& id : waiting) {
      threads.emplace_back([&] {
        id = gettid();
        const std::lock_guard guard(lock);
        ++entered;
      });
    }
    // A thread that spun, or gave up its processor again and again, would never be seen asleep for long; the
    // end of this loop says that all of them are at once.
    for (std::size_t asleep = 0; asleep < waiting.size();) {
      asleep = 0;
      for (const auto& id : waiting) asleep += id != 0 && sleeps(id) ? 1U : 0U;
    }
    lock.unlock();
    threads.clear();
    BOOST_TEST(entered == 3);
  }
}

// The program real_time.cpp: a thread that must not be preempted asks a dictionary on the processor of the
// one who uses it. Where the system allows no such thread, it says so and is content.
BOOST_AUTO_TEST_CASE(a_real_time_thread_does_not_starve_the_holder_on_its_processor) {
  FILE* const program = popen(REAL_TIME, "r");
  BOOST_REQUIRE(program != nullptr);
  std::string said;
  for (int c = 0; (c = std::fgetc(program)) != EOF;) said += static_cast<char>(c);
  BOOST_TEST(pclose(program) == 0);
  BOOST_TEST((said == "done\n" || said == "not permitted\n"), said);
}

BOOST_AUTO_TEST_SUITE_END()
