#pragma once

#include "config/result.hpp"
#include "kernels/base/result.hpp"

namespace troupe::cli {

constexpr fault fault_of(kernels::fault what) noexcept {
  switch (what) {
  case kernels::fault::invalid:
    return fault::invalid;
  case kernels::fault::not_found:
    return fault::not_found;
  case kernels::fault::refused:
    return fault::refused;
  case kernels::fault::unavailable:
    return fault::unavailable;
  case kernels::fault::corrupt:
    return fault::corrupt;
  }
  return fault::internal;
}

/// The kernels stand alone and have errors of their own; here they become the house's.
template<class T>
tl::unexpected<error> failed(const kernels::result<T>& why) {
  return fail(fault_of(why.error().what), why.error().message, why.error().hint);
}

} // namespace troupe::cli
