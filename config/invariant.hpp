#pragma once

#include <stdexcept>
#include <string>

namespace troupe {

/// What `ensure` throws. Only supervisors and program entry points catch it.
class broken_invariant : public std::logic_error {
public:
  explicit broken_invariant(const std::string& why)
      : std::logic_error("invariant: " + why) {}
};

} // namespace troupe
