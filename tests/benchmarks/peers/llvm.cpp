// LLVM: WeakVH, a handle that is null when its value is gone, and ValueMap, whose entries go with their keys.
// Neither knows of threads, and neither owns: the value has one owner who deletes it.

#include <cstddef>
#include <memory>

#include <llvm/Config/llvm-config.h>
#include <llvm/IR/Argument.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Type.h>
#include <llvm/IR/ValueHandle.h>
#include <llvm/IR/ValueMap.h>

#include <benchmark/benchmark.h>

#include "../contender.hpp"
#include "../operations/handles.hpp"
#include "../operations/keyed.hpp"
#include "../operations/lifetimes.hpp"
#include "../peer.hpp"

namespace benchmarks {
namespace {

llvm::Type* value_type() {
  static llvm::LLVMContext context;
  return llvm::Type::getInt32Ty(context);
}

struct llvm_family {
  using strong = std::unique_ptr<llvm::Argument>;
  class weak {
   public:
    explicit weak(const strong& value) : handle_(value.get()) {}
    [[nodiscard]] const llvm::WeakVH& handle() const { return handle_; }

   private:
    llvm::WeakVH handle_;
  };
  static strong make() { return std::make_unique<llvm::Argument>(value_type()); }
};

class value_map {
 public:
  using object = std::shared_ptr<llvm::Argument>;
  object make(std::size_t) { return std::make_shared<llvm::Argument>(value_type()); }
  void add(const object& key) { map_[key.get()] = 1; }
  int find(const object& key) { return map_.find(key.get())->second; }
  std::size_t size() { return map_.size(); }

 private:
  llvm::ValueMap<llvm::Value*, int> map_;
};

void enter(const selection& chosen) {
  if (chosen.which == selection::group::dictionaries) {
    enter_keyed<value_map>(contender("LLVM ValueMap"), "identity");
  }
  if (chosen.which != selection::group::operations) return;
  const contender as("LLVM WeakVH");
  as("further_reference", further_reference<llvm_family, benchmark::State>);
  as("reference_copy", reference_copy<llvm_family, benchmark::State>);
  as("lifetime_with_reference", lifetime_with_reference<llvm_family, benchmark::State>);
}

const peer llvm_peer("LLVM", LLVM_VERSION_STRING, enter);

}  // namespace
}  // namespace benchmarks
