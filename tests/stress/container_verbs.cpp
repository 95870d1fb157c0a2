#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "containers.hpp"
#include "verbs.hpp"

namespace stress {
namespace {

template <class Walk>
class iteration_of final : public iteration {
 public:
  explicit iteration_of(const Walk& walk) : at_(walk.begin()) {}

  void step() override {
    if (at_ == decltype(at_)()) return;
    see(*at_);
    ++at_;
  }

 private:
  template <class K, class V>
  void see(const std::pair<K, V>& item) {
    seen_.see(item.first);
  }
  void see(const weakref::strong_ref<Thing>& element) { seen_.see(element); }

  decltype(std::declval<const Walk&>().begin()) at_;
  seen_keys seen_;
};

template <class Walk>
std::unique_ptr<iteration> iterate(const Walk& walk) {
  return std::make_unique<iteration_of<Walk>>(walk);
}

constexpr subject any = subject::container;

}  // namespace

const std::vector<verb>& container_verbs() {
  static const std::vector<verb> verbs = {
      {"$c.reset();  // the thread's owner of the container",
       [](worker& w, const operation& now) {
         std::visit([](auto& owner) { owner.reset(); }, w.containers[now.container]);
       },
       any},
      {"$c.clear();",
       [](worker& w, const operation& now) { on_container(w, now, [](auto& used) { used.clear(); }); }, any,
       false, true},
      {"len($c);",
       [](worker& w, const operation& now) {
         on_container(w, now, [](auto& used) { expect(used.size() < 1000, "a size is absurd"); });
       },
       any},
      {"repr($c);",
       [](worker& w, const operation& now) { on_container(w, now, [](auto& used) { (void)repr(used); }); },
       any},
      {"$i = $c.begin();",
       [](worker& w, const operation& now) {
         on_container(w, now, [&]<class C>(C& used) {
           std::unique_ptr<iteration> begun;
           if constexpr (is_set<C>) {
             begun = iterate(used);
           } else {
             begun = iterate(used.items());
           }
           w.iterators[now.iterator].swap(begun);
         });
       },
       any},
      // In nobody's hands meanwhile, so that user code does not change it under itself.
      {"*$i++;",
       [](worker& w, const operation& now) {
         std::unique_ptr<iteration> mine = std::move(w.iterators[now.iterator]);
         if (mine == nullptr) return;
         mine->step();
         w.iterators[now.iterator].swap(mine);
       },
       any},
      {"$i = {};",
       [](worker& w, const operation& now) { std::exchange(w.iterators[now.iterator], nullptr).reset(); },
       any},
      {"$c = {};",
       [](worker& w, const operation& now) { on_container(w, now, []<class C>(C& used) { used = C(); }); },
       any, true, true},
      {"$c = $c.copy();",
       [](worker& w, const operation& now) { on_container(w, now, [](auto& used) { used = used.copy(); }); },
       any, true, true},
      {"std::exchange($c, {}).swap($c);",
       [](worker& w, const operation& now) {
         on_container(w, now, []<class C>(C& used) {
           C other;
           used.swap(other);
           used.swap(other);
         });
       },
       any, true, true},
      {"auto copied = $c.copy();",
       [](worker& w, const operation& now) {
         on_two(w, now, []<class C>(C& used, C&) {
           const C copied = used.copy();
           expect(copied.size() < 1000, "a size is absurd");
         });
       },
       any},
  };
  return verbs;
}

}  // namespace stress
