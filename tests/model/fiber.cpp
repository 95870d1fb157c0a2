#include "fiber.hpp"

#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define MODEL_ADDRESS_SANITIZER 1
#endif
#endif

namespace model {

void fiber::restart(void (*body)()) {
  if (stack_ == nullptr) stack_ = std::make_unique<std::byte[]>(stack_size);
#if defined(MODEL_ADDRESS_SANITIZER)
  // An execution that was given up has left its frames there.
  ASAN_UNPOISON_MEMORY_REGION(stack_.get(), stack_size);
#endif
  getcontext(&beginning_);
  beginning_.uc_stack.ss_sp = stack_.get();
  beginning_.uc_stack.ss_size = stack_size;
  makecontext(&beginning_, body, 0);
  begun_ = false;
}

void fiber::switch_to(fiber& other) {
  if (_setjmp(place_) != 0) return;
  if (std::exchange(other.begun_, true)) _longjmp(other.place_, 1);
  setcontext(&other.beginning_);
}

}  // namespace model
