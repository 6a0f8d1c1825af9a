#include "kernels/files/tensor.hpp"

namespace troupe::kernels {

std::uint64_t tensor_view::elements() const noexcept {
  std::uint64_t count = 1; // readers have checked that it fits
  for (const auto extent : shape)
    count *= extent;
  return count;
}

std::string text_of_shape(std::span<const std::uint64_t> shape) {
  std::string text = "[";
  for (const auto extent : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

} // namespace troupe::kernels
