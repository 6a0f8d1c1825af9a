#include "runtime/base/fault_point.hpp"

#include <atomic>

namespace troupe {
namespace {

std::function<void(std::string_view)>& handler() {
  static std::function<void(std::string_view)> at_point;
  return at_point;
}

std::atomic<bool> armed = false;

} // namespace

void fault_point(std::string_view name) {
  if (armed.load(std::memory_order_relaxed)) [[unlikely]]
    handler()(name);
}

void arm_fault_points(std::function<void(std::string_view)> at_point) {
  handler() = std::move(at_point);
  armed.store(static_cast<bool>(handler()), std::memory_order_release);
}

} // namespace troupe
