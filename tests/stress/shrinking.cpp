#include "shrinking.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "children.hpp"
#include "machine.hpp"

namespace stress {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr seconds patience{4};
constexpr seconds for_the_first{20};
constexpr seconds for_each_candidate{4};
constexpr seconds for_all{90};

outcome repeat(const program& repeated, std::uint64_t times, seconds limit) {
  return in_child(
      [&](std::atomic<std::uint64_t>& done) {
        machine runner;
        const auto end = clock::now() + limit;
        while (done < times && clock::now() < end) {
          runner.run(repeated);
          ++done;
        }
      },
      patience);
}

class shrinker {
 public:
  explicit shrinker(const program& failing) : whole_(failing) { result_.kept = numbers_of(failing); }

  shrunk run() {
    result_.smallest = whole_;
    const outcome first = repeat(whole_, 100'000, for_the_first);
    if (!first.failed) return result_;
    accept(result_.kept, first);
    drop_threads();
    while (drop_operations() && !is_over()) {
    }
    return result_;
  }

 private:
  [[nodiscard]] bool is_over() const { return clock::now() - begun_ > for_all; }

  void accept(const numbers& kept, const outcome& failed) {
    result_.kept = kept;
    result_.smallest = only(whole_, kept);
    result_.repeats = std::max(result_.repeats, failed.done + 1);
    result_.said = failed.said;
  }

  bool fails_with(const numbers& kept) {
    if (is_over()) return false;
    const outcome tried = repeat(only(whole_, kept), 20 * result_.repeats + 500, for_each_candidate);
    if (tried.failed) accept(kept, tried);
    return tried.failed;
  }

  void drop_threads() {
    for (unsigned dropped = 0; dropped < whole_.threads.size(); ++dropped) {
      numbers left = result_.kept;
      for_each(whole_, [&](unsigned thread, const operation& each) {
        if (thread == dropped) left.erase(each.number);
      });
      if (left.size() < result_.kept.size()) fails_with(left);
    }
  }

  /// Half of them, a quarter, and so on; then one by one. False: none could be dropped.
  bool drop_operations() {
    bool dropped = false;
    for (std::size_t length = result_.kept.size() / 2; length > 0; length /= 2) {
      // The last first: what comes before may be what they need.
      std::vector<unsigned> present(result_.kept.rbegin(), result_.kept.rend());
      for (std::size_t from = 0; from < present.size(); from += length) {
        numbers left = result_.kept;
        for (std::size_t i = from; i < std::min(from + length, present.size()); ++i) left.erase(present[i]);
        left = numbers_of(only(whole_, left));
        if (left.size() < result_.kept.size() && fails_with(left)) dropped = true;
      }
    }
    return dropped;
  }

  const program& whole_;
  shrunk result_;
  clock::time_point begun_ = clock::now();
};

}  // namespace

shrunk shrink(const program& failing) { return shrinker(failing).run(); }

}  // namespace stress
