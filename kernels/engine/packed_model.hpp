#pragma once

#include "kernels/cpu/packed_matrix.hpp"
#include "kernels/model/weights.hpp"
#include "kernels/threads/team.hpp"

#include <vector>

namespace troupe::kernels {

struct packed_linear {
  packed_matrix weight;
  std::vector<float> bias; // as long as the panels are; empty: none
};

/// As long as the padded rows it scales, zero beyond the last column.
struct packed_norm {
  std::vector<float> scale;
  std::vector<float> shift; // LayerNorm alone
};

struct packed_ffn {
  packed_linear gate; // empty for Phi-2
  packed_linear up;
  packed_linear down;
};

struct packed_layer {
  packed_norm before_attention;
  packed_norm before_ffn;
  packed_linear query;
  packed_linear key;
  packed_linear value;
  packed_linear output;
  packed_ffn ffn;
  packed_linear router;
  std::vector<packed_ffn> experts;
};

/// A model's weights as the kernels take them.
struct packed_model {
  /// Layer after layer, and what has been read of the model's files is let go: both forms of it never lie in
  /// memory as a whole.
  packed_model(const model_weights& from, thread_team& team);

  std::vector<packed_layer> layers;
  packed_norm final_norm;
  packed_linear head;

  /// What one step reads of it at most.
  std::uint64_t bytes() const noexcept;
};

} // namespace troupe::kernels
