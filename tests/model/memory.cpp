#include "memory.hpp"

#include <algorithm>
#include <utility>

#include "scheduler.hpp"

namespace model {
namespace {

bool acquires(std::memory_order order) noexcept {
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

bool releases(std::memory_order order) noexcept {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

}  // namespace

void memory::clear(bool reuse) noexcept {
  reuse_ = reuse;
  used_ = 0;
  count_ = 0;
  allocations_.clear();
}

void* memory::allocate(std::size_t size, const char* name) {
  if (reuse_) {
    const auto freed = std::find_if(allocations_.rbegin(), allocations_.rend(), [size](const allocation& a) {
      return a.freed && a.start != nullptr && a.size == size;
    });
    if (freed != allocations_.rend()) {
      std::byte* const start = std::exchange(freed->start, nullptr);
      allocations_.push_back({start, size, name, false});
      return start;
    }
  }
  constexpr std::size_t alignment = 16;  // the low bits of a pointer to it are free, as of operator new's
  std::byte* const start = storage_.data() + used_;
  used_ += (size + alignment - 1) / alignment * alignment;
  if (used_ > capacity) fail("the model has memory for small programs only");
  allocations_.push_back({start, size, name, false});
  return start;
}

void memory::free(void* start, const observer& by) {
  const auto found = std::ranges::find(allocations_, start, &allocation::start);
  if (found == allocations_.end()) fail("something is freed that was not allocated");
  if (found->freed) fail(std::string("freed twice: ") + found->name);
  found->freed = true;
  for (unsigned i = 0; i < count_; ++i) {
    location& inside = locations_[i];
    if (inside.freed || inside.address < found->start || inside.address >= found->start + found->size)
      continue;
    if (!inside.touched.is_before(by.now) || !inside.written.is_before(by.now))
      fail("freed while another thread may still use it: " + name(i));
    inside.freed = true;
  }
}

bool memory::contains(const void* address) const noexcept {
  return address >= storage_.data() && address < storage_.data() + capacity;
}

void memory::check_that_all_is_freed() const {
  for (const allocation& a : allocations_) {
    if (!a.freed) fail(std::string("never freed: ") + a.name);
  }
}

unsigned memory::add_location(const void* address, const observer& by) {
  if (count_ == locations_.size()) locations_.emplace_back();
  location& fresh = locations_[count_];
  fresh.address = static_cast<const std::byte*>(address);
  fresh.touched = fresh.written = {};
  fresh.written[by.thread] = by.now[by.thread];
  fresh.freed = false;
  fresh.versions.clear();
  return static_cast<unsigned>(count_++);
}

std::string memory::name(unsigned index) const {
  const std::byte* const address = locations_[index].address;
  for (std::size_t i = 0; i < allocations_.size(); ++i) {
    const allocation& a = allocations_[i];
    if (address < a.start || address >= a.start + a.size) continue;
    return std::string(a.name) + " #" + std::to_string(i) + " at +" + std::to_string(address - a.start);
  }
  return "variable #" + std::to_string(index);
}

memory::location& memory::at(unsigned index, const char* what) {
  location& found = locations_[index];
  if (found.freed) fail(std::string(what) + " after it was freed: " + name(index));
  return found;
}

void memory::touch(unsigned index, const observer& by, const char* what) {
  location& touched = at(index, what);
  if (!touched.written.is_before(by.now)) fail(std::string(what) + " races with a write: " + name(index));
  touched.touched[by.thread] = by.now[by.thread];
}

void memory::read(unsigned index, const observer& by) { touch(index, by, "a read"); }

void memory::write(unsigned index, const observer& by) {
  location& written = at(index, "a write");
  if (!written.written.is_before(by.now)) fail("two writes race: " + name(index));
  if (!written.touched.is_before(by.now)) fail("a write races with a read: " + name(index));
  written.written[by.thread] = by.now[by.thread];
}

void memory::add_atomic(unsigned index, word value, const observer& by) {
  vector_clock known;
  known[by.thread] = by.now[by.thread];
  locations_[index].versions.push_back({value, {}, known});
}

std::size_t memory::visible(unsigned index, const observer& by) const noexcept {
  const auto& versions = locations_[index].versions;
  std::size_t count = 1;
  for (auto v = versions.rbegin(); v != versions.rend(); ++v, ++count) {
    for (unsigned t = 0; t < max_threads; ++t) {
      if (v->known[t] != 0 && v->known[t] <= by.now[t]) return count;
    }
  }
  return versions.size();
}

std::size_t memory::newest(unsigned index) const noexcept { return locations_[index].versions.size() - 1; }

memory::word memory::value(unsigned index, std::size_t store) const noexcept {
  return locations_[index].versions[store].value;
}

void memory::load(unsigned index, std::size_t store, std::memory_order order, observer& by) {
  touch(index, by, "an atomic operation");
  version& seen = locations_[index].versions[store];
  if (seen.known[by.thread] == 0) seen.known[by.thread] = by.now[by.thread];
  if (acquires(order)) by.now.join(seen.released);
}

void memory::store(unsigned index, word value, std::memory_order order, bool modifies, observer& by) {
  touch(index, by, "an atomic operation");
  auto& versions = locations_[index].versions;
  version fresh{value, {}, {}};
  if (modifies) fresh.released = versions.back().released;
  if (releases(order)) fresh.released.join(by.now);
  fresh.known[by.thread] = by.now[by.thread];
  versions.push_back(fresh);
  ++by.now[by.thread];  // what comes now is not released yet
}

}  // namespace model
