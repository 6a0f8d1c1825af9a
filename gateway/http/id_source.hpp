#pragma once

#include "runtime/base/time.hpp"

#include <memory>
#include <string>

namespace troupe::gateway {

/// Draws ULIDs from the system's randomness. Any thread.
class id_source {
public:
  explicit id_source(std::shared_ptr<clock_source> clock);
  ~id_source();
  std::string draw();

private:
  std::shared_ptr<clock_source> clock_;
  std::unique_ptr<random_source> random_;
};

} // namespace troupe::gateway
