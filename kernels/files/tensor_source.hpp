#pragma once

#include "kernels/base/result.hpp"
#include "kernels/files/dtype.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace troupe::kernels {

/// A tensor to be written. The bytes are asked for when their turn comes, so a writer holds one tensor at a
/// time.
struct tensor_source {
  std::string name;
  dtype type = dtype::f32;
  std::vector<std::uint64_t> shape; // outermost first
  std::function<result<std::vector<std::byte>>()> bytes;
};

} // namespace troupe::kernels
