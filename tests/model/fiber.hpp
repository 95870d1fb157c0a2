#pragma once

#include <setjmp.h>
#include <ucontext.h>

#include <cstddef>
#include <memory>

namespace model {

/// A thread of control that runs when it is switched to, and only then.
class fiber {
 public:
  /// The one that is running.
  fiber() noexcept = default;
  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;

  /// Will run `body`, which never returns, from the beginning; what it did before is forgotten.
  void restart(void (*body)());

  void switch_to(fiber& other);

 private:
  static constexpr std::size_t stack_size = 128 * 1024;

  ucontext_t beginning_{};
  jmp_buf place_{};  // where it was left: unlike swapcontext(), this calls no system
  bool begun_ = true;
  std::unique_ptr<std::byte[]> stack_;
};

}  // namespace model
