#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <unistd.h>

#include <boost/test/unit_test.hpp>

import weakref;

using weakref::finalize;
using weakref::function;
using weakref::make;
using weakref::None;
using weakref::ref;

namespace {

struct A : weakref::object {};

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(FinalizeTestCase)

BOOST_AUTO_TEST_CASE(test_finalize) {
  std::vector<int> res;
  // A function object, so that it can be told whether it is the same.
  const auto add = make<function<int(int, int, int)>>([&](int x, int y, int z) {
    res.push_back(x + y + z);
    return x + y + z;
  });
  auto a = make<A>();

  {
    // An argument given by its name is bound beforehand.
    const auto add_89 = make<function<int(int, int)>>([&](int x, int y) { return add(x, y, 89); });
    const finalize f{a, add_89, 67, 43};
    BOOST_TEST(f.alive() == true);
    {
      const auto [obj, func, args] = f.peek().value();
      BOOST_TEST(is(obj, a));
      BOOST_TEST(is(func, add_89));
      BOOST_CHECK(args == std::tuple(67, 43));
    }
    BOOST_CHECK(f() == 199);
    BOOST_CHECK(f() == std::nullopt);
    BOOST_CHECK(f() == std::nullopt);
    BOOST_TEST(!f.peek().has_value());
    BOOST_TEST(!f.detach().has_value());
    BOOST_TEST(f.alive() == false);
    BOOST_TEST(res == (std::vector{199}));
  }

  res.clear();
  {
    const finalize f{a, add, 67, 43, 89};
    {
      const auto [obj, func, args] = f.peek().value();
      BOOST_TEST(is(obj, a));
      BOOST_TEST(is(func, add));
      BOOST_CHECK(args == std::tuple(67, 43, 89));
    }
    {
      const auto [obj, func, args] = f.detach().value();
      BOOST_TEST(is(obj, a));
      BOOST_TEST(is(func, add));
      BOOST_CHECK(args == std::tuple(67, 43, 89));
    }
    BOOST_CHECK(f() == std::nullopt);
    BOOST_CHECK(f() == std::nullopt);
    BOOST_TEST(!f.peek().has_value());
    BOOST_TEST(!f.detach().has_value());
    BOOST_TEST(f.alive() == false);
    BOOST_TEST(res.empty());
  }

  res.clear();
  const finalize f{a, [&] { return add(67, 43, 89); }};
  a.reset();
  BOOST_CHECK(f() == std::nullopt);
  BOOST_CHECK(f() == std::nullopt);
  BOOST_TEST(!f.peek().has_value());
  BOOST_TEST(!f.detach().has_value());
  BOOST_TEST(f.alive() == false);
  BOOST_TEST(res == (std::vector{199}));
}

BOOST_AUTO_TEST_CASE(test_order) {
  auto a = make<A>();
  Lines res;
  const auto append = [&](const std::string& x) { res.push_back(x); };
  std::optional f1{finalize{a, append, std::string("f1")}};
  const finalize f2{a, append, std::string("f2")};
  const finalize f3{a, append, std::string("f3")};
  std::optional f4{finalize{a, append, std::string("f4")}};
  const finalize f5{a, append, std::string("f5")};

  // They keep themselves alive.
  f1.reset();
  f4.reset();

  BOOST_TEST(f2.alive());
  BOOST_TEST(f3.alive());
  BOOST_TEST(f5.alive());

  BOOST_TEST(f5.detach().has_value());
  BOOST_TEST(!f5.alive());

  f5();  // nothing, since it was detached
  append("A");
  f3();  // f3
  BOOST_TEST(!f3.alive());
  append("B");
  f3();  // nothing, since it was called
  append("C");
  a.reset();  // f4, f2, f1
  BOOST_TEST(!f2.alive());
  append("D");
  f2();  // nothing, since it was called when a died

  BOOST_TEST(res == (Lines{"A", "f3", "B", "C", "f4", "f2", "f1", "D"}));
}

BOOST_AUTO_TEST_CASE(test_all_freed) {
  auto a = make<A>();
  std::vector<int> res;
  auto callback = make<function<void()>>([&] { res.push_back(123); });
  std::optional f{finalize{a, callback}};

  const ref wr_callback{callback};
  const ref wr_f{f->shared()};
  callback.reset();
  f.reset();

  BOOST_CHECK(wr_callback() != None);
  BOOST_CHECK(wr_f() != None);

  a.reset();

  BOOST_CHECK(wr_callback() == None);
  BOOST_CHECK(wr_f() == None);
  BOOST_TEST(res == (std::vector{123}));
}

BOOST_AUTO_TEST_CASE(test_atexit) {
  const auto err_file = std::filesystem::temp_directory_path() /
                        ("weakref-conformance-" + std::to_string(getpid()) + ".stderr");
  FILE* const child = popen((RUN_IN_CHILD " 2>" + err_file.string()).c_str(), "r");
  BOOST_REQUIRE(child != nullptr);
  Lines out;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), child) != nullptr) {
    out.emplace_back(line.data());
    if (out.back().ends_with('\n')) out.back().pop_back();
  }
  BOOST_TEST(pclose(child) == 0);
  std::ifstream opened(err_file);
  const std::string err{std::istreambuf_iterator<char>(opened), {}};
  std::filesystem::remove(err_file);
  BOOST_TEST(out == (Lines{"f4 foobar", "f3 error", "g1", "f1 foobar"}));
  BOOST_TEST((err.find("ZeroDivisionError: division by zero") != std::string::npos), err);
}

BOOST_AUTO_TEST_SUITE_END()
