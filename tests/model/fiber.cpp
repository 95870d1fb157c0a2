#include "fiber.hpp"

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
  getcontext(&context_);
  context_.uc_stack.ss_sp = stack_.get();
  context_.uc_stack.ss_size = stack_size;
  makecontext(&context_, body, 0);
}

void fiber::switch_to(fiber& other) { swapcontext(&context_, &other.context_); }

}  // namespace model
