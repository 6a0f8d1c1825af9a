#pragma once

#include <boost/context/stack_context.hpp>
#include <cstddef>
#include <memory>
#include <vector>

namespace troupe::kernels::cuda {

/// Stacks that are used again: a launch has thousands of fibers, a block's worth of them at a time.
class stack_pool {
public:
  boost::context::stack_context take() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<std::byte[]>(stack_bytes));
      free_.push_back(all_.back().get());
    }
    boost::context::stack_context stack;
    stack.sp = free_.back() + stack_bytes; // they grow downwards
    stack.size = stack_bytes;
    free_.pop_back();
    return stack;
  }
  void give_back(const boost::context::stack_context& stack) {
    free_.push_back(static_cast<std::byte*>(stack.sp) - stack_bytes);
  }

private:
  static constexpr std::size_t stack_bytes = 64 * 1024; // sanitizers make frames large

  std::vector<std::unique_ptr<std::byte[]>> all_;
  std::vector<std::byte*> free_;
};

/// As Boost.Context wants it.
class pooled_stack {
public:
  explicit pooled_stack(stack_pool& pool)
      : pool_(&pool) {}
  boost::context::stack_context allocate() { return pool_->take(); }
  void deallocate(boost::context::stack_context& stack) { pool_->give_back(stack); }

private:
  stack_pool* pool_;
};

} // namespace troupe::kernels::cuda
