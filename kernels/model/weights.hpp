#pragma once

#include "kernels/base/mapped_file.hpp"
#include "kernels/model/matrix.hpp"
#include "kernels/model/shape.hpp"

#include <memory>
#include <string>
#include <vector>

namespace troupe::kernels {

struct linear {
  matrix weight;
  std::vector<float> bias; // empty: none
};

struct norm_weights {
  std::vector<float> scale;
  std::vector<float> shift; // LayerNorm alone
};

struct ffn_weights {
  linear gate; // empty for Phi-2
  linear up;
  linear down;
};

struct layer_weights {
  norm_weights before_attention;
  norm_weights before_ffn; // empty for Phi-2, whose parts share one norm
  linear query;
  linear key;
  linear value;
  linear output;
  std::vector<float> query_norm; // Qwen3: over each head
  std::vector<float> key_norm;
  ffn_weights ffn;                  // empty with experts
  matrix router;                    // empty without
  std::vector<ffn_weights> experts; // empty without
};

/// A model as it is read from its files. Rows of queries and keys are in Hugging Face's order whatever the
/// file's.
struct model_weights {
  std::string name; // the file or folder
  model_shape shape;
  matrix embedding;
  std::vector<layer_weights> layers;
  norm_weights final_norm;
  linear head;
  std::vector<std::shared_ptr<const mapped_file>> files; // where its matrices lie; empty for those of our own

  /// Lets the memory of its files go until somebody reads them again: what has been packed is not needed
  /// twice.
  void let_go() const noexcept;

  /// What its weights take as they are stored.
  std::uint64_t stored_bytes() const;
};

/// A GGUF file or a Hugging Face folder. Every tensor has the shape that the config says, and none is left
/// over: a tensor that nobody asked for means that the model is not what it says it is.
result<model_weights> load_model(const std::string& path);

} // namespace troupe::kernels
