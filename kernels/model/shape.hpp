#pragma once

#include "kernels/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

enum class family : std::uint8_t { llama, mistral, mixtral, phi2, qwen2, qwen3 };
std::string_view name_of(family of) noexcept;

enum class rope_kind : std::uint8_t { plain, linear, llama3, yarn };
std::string_view name_of(rope_kind kind) noexcept;
/// By its name in configs; nothing for kinds that we do not compute.
std::optional<rope_kind> rope_kind_of(std::string_view name) noexcept;

/// How positions turn queries and keys.
struct rope_settings {
  rope_kind kind = rope_kind::plain;
  double theta = 10'000;
  std::uint32_t dimensions = 0; // the first so many of each head; even
  double factor = 1;
  double low_frequency_factor = 1;  // llama3
  double high_frequency_factor = 4; // llama3
  double original_context = 0;      // llama3, yarn
  double beta_fast = 32;            // yarn
  double beta_slow = 1;             // yarn
  bool truncate = true;             // yarn: the ramp begins and ends at whole dimensions
  double attention_factor = 1;      // what cosines and sines are multiplied by
  std::vector<float> divisors;      // of the frequencies, where a GGUF file lists them
};

/// Everything about a model but its numbers.
struct model_shape {
  family of = family::llama;
  std::uint32_t layers = 0;
  std::uint32_t width = 0; // of the hidden state
  std::uint32_t heads = 0;
  std::uint32_t kv_heads = 0; // groups of heads share keys and values
  std::uint32_t head_size = 0;
  std::uint32_t ffn_width = 0;
  std::uint32_t vocabulary = 0;
  std::uint32_t context = 0; // positions it was trained for
  std::uint32_t experts = 0; // 0: one dense feed-forward part
  std::uint32_t experts_used = 0;
  double norm_epsilon = 1e-5;
  rope_settings rope;
  std::vector<std::uint32_t> windows; // by layer: how many positions it sees, its own included; 0: all
  bool tied_head = false;             // the head is the embedding
  bool qkv_bias = false;
  bool output_bias = false; // of the attention's output
  bool ffn_bias = false;
  std::vector<std::uint32_t> end_tokens; // any of them ends a text
  std::optional<std::uint32_t> begin_token;

  bool is_phi() const noexcept {
    return of == family::phi2;
  } // parallel parts, LayerNorm, no gate, biased head
  bool has_qk_norm() const noexcept { return of == family::qwen3; }
  std::uint32_t query_width() const noexcept { return heads * head_size; }
  std::uint32_t kv_width() const noexcept { return kv_heads * head_size; }
};

/// Refuses what no forward pass could compute, and sizes beyond any model's, so that later products cannot
/// overflow. `name` stands in the error.
result<done> check_shape(const std::string& name, const model_shape& shape);

} // namespace troupe::kernels
