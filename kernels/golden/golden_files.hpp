#pragma once

#include "kernels/files/json_object.hpp"
#include "kernels/files/safetensors.hpp"
#include "kernels/reference/engine.hpp"

#include <string>
#include <vector>

namespace troupe::kernels {

/// What PyTorch made of a golden case.
class golden_files {
public:
  static result<golden_files> open(const std::string& folder);

  std::size_t prompts() const noexcept { return prompts_; }
  result<std::vector<token_id>> tokens(const std::string& name) const;
  /// Row after row; of all positions, or of those that `rows_of` lists.
  result<activations> logits(const std::string& name) const;
  /// The positions whose logits are there; empty: all.
  std::vector<std::uint64_t> rows_of(std::size_t prompt) const;
  bool has(const std::string& name) const { return tensors_.tensors.contains(name); }
  /// All tensors whose names begin like that.
  std::vector<std::string> names_below(const std::string& prefix) const;
  /// The numbers of a tensor of F32 and of F64, in their order.
  result<std::vector<float>> numbers(const std::string& name) const;
  result<std::vector<double>> doubles(const std::string& name) const;
  /// golden.json
  const json_object& about() const noexcept { return about_; }

private:
  explicit golden_files(json_object about)
      : about_(std::move(about)) {}

  json_object about_;
  tensor_set tensors_;
  std::size_t prompts_ = 0;
  std::vector<std::vector<std::uint64_t>> rows_;
};

} // namespace troupe::kernels
