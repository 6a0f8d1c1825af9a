#include "kernels/base/result.hpp"

#include <stdexcept>

namespace troupe::kernels {

std::string_view to_string(fault f) noexcept {
  switch (f) {
  case fault::invalid:
    return "invalid";
  case fault::not_found:
    return "not_found";
  case fault::refused:
    return "refused";
  case fault::unavailable:
    return "unavailable";
  case fault::corrupt:
    return "corrupt";
  }
  return "invalid";
}

void ensure(bool holds, std::string_view why) {
  if (!holds)
    throw std::logic_error("invariant: " + std::string(why));
}

} // namespace troupe::kernels
