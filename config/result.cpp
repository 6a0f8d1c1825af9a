#include "config/result.hpp"

#include "config/invariant.hpp"

namespace troupe {

std::string_view to_string(fault f) noexcept {
  switch (f) {
  case fault::invalid:
    return "invalid";
  case fault::not_found:
    return "not_found";
  case fault::conflict:
    return "conflict";
  case fault::refused:
    return "refused";
  case fault::overloaded:
    return "overloaded";
  case fault::unavailable:
    return "unavailable";
  case fault::timeout:
    return "timeout";
  case fault::canceled:
    return "canceled";
  case fault::fenced:
    return "fenced";
  case fault::corrupt:
    return "corrupt";
  case fault::full:
    return "full";
  case fault::internal:
    return "internal";
  }
  return "internal";
}

void ensure(bool holds, std::string_view why) {
  if (!holds)
    throw broken_invariant(std::string(why));
}

} // namespace troupe
