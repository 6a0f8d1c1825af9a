#pragma once

#include "kernels/convert/convert.hpp"
#include "kernels/files/tensor_source.hpp"
#include "kernels/model/weights.hpp"

#include <string>
#include <vector>

namespace troupe::kernels {

/// In which order the rows of a matrix are written.
struct row_order {
  std::uint32_t paired_head = 0; // the head size whose halves are interleaved; 0: as they are
};

/// The kind a matrix is written as.
dtype stored_type(const matrix& from, const std::optional<dtype>& wanted, bool blocks_allowed);

/// Sources hold what they read from, so the model may go before they are asked.
tensor_source stored_matrix(std::string name, const matrix& from, dtype type, row_order order = {});
tensor_source stored_stack(std::string name, const std::vector<matrix>& from, dtype type);
tensor_source stored_numbers(std::string name, const std::vector<float>& from);

} // namespace troupe::kernels
