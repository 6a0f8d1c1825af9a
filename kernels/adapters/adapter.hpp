#pragma once

#include "kernels/model/shape.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::kernels {

/// What one matrix gains: scale * B * A. Rank 0 gains nothing.
struct lora {
  std::uint32_t rank = 0;
  std::uint32_t rows = 0;    // of the matrix: its output
  std::uint32_t columns = 0; // its input
  float scale = 1;
  std::vector<float> down; // A: rank x columns
  std::vector<float> up;   // B: rows x rank

  bool empty() const noexcept { return rank == 0; }
};

struct ffn_adapter {
  lora gate;
  lora up;
  lora down;
};

struct layer_adapter {
  lora query;
  lora key;
  lora value;
  lora output;
  ffn_adapter ffn;
  lora router;
  std::vector<ffn_adapter> experts; // empty, or one for each
};

/// Tells an adapter from every other one, also from a later one at the same address; a copy is another one.
/// Engines keep their own form of an adapter for as long as it lives.
class adapter_identity {
public:
  adapter_identity()
      : life_(std::make_shared<const char>('\0')) {}
  adapter_identity(const adapter_identity&)
      : adapter_identity() {}
  adapter_identity(adapter_identity&&) noexcept = default;
  adapter_identity& operator=(const adapter_identity&) { return *this = adapter_identity(); }
  adapter_identity& operator=(adapter_identity&&) noexcept = default;
  ~adapter_identity() = default;

  /// Expires with the adapter.
  std::weak_ptr<const void> life() const noexcept { return life_; }

private:
  std::shared_ptr<const char> life_;
};

/// An adapter for models of one shape, whatever file it came from; rows are in Hugging Face's order. Once an
/// engine has seen it, its numbers stay.
struct adapter {
  std::string name;
  std::vector<layer_adapter> layers;
  lora head;
  lora embedding; // columns are tokens
  adapter_identity identity = {};

  std::uint64_t parameters() const noexcept;
};

} // namespace troupe::kernels
