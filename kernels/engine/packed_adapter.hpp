#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/base/result.hpp"
#include "kernels/model/shape.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace troupe::kernels {

/// One matrix's gain in bfloat16 as the kernels take it. Ranks are padded to eight for A and to two for B,
/// never to those of others.
struct packed_lora {
  packed_lora() = default;
  explicit packed_lora(const lora& from);

  std::size_t rank = 0; // as B has it; 0: no gain
  std::size_t octets = 0;
  std::size_t columns = 0; // a multiple of four
  float scale = 1;
  std::vector<std::uint16_t> down; // octet after octet of eight rows of A
  std::vector<std::uint16_t> up;   // panel after panel of sixteen rows of B

  bool empty() const noexcept { return rank == 0; }
  const std::uint16_t* octet(std::size_t index) const { return down.data() + index * columns * 8; }
  const std::uint16_t* panel(std::size_t index) const { return up.data() + index * rank * 16; }
};

struct packed_ffn_adapter {
  packed_lora gate;
  packed_lora up;
  packed_lora down;
};

struct packed_layer_adapter {
  packed_lora query;
  packed_lora key;
  packed_lora value;
  packed_lora output;
  packed_ffn_adapter ffn;
  packed_lora router;
  std::vector<packed_ffn_adapter> experts;
};

struct packed_adapter {
  explicit packed_adapter(const adapter& from);

  std::vector<packed_layer_adapter> layers;
  packed_lora head;
};

/// Refuses adapters for models of another shape.
result<done> check_adapter(const adapter& one, const model_shape& shape);

/// The packed forms of the adapters that are alive: each is made once, and goes when its adapter is gone.
class adapter_cache {
public:
  explicit adapter_cache(const model_shape& shape)
      : shape_(shape) {}

  result<const packed_adapter*> packed(const adapter& one);
  void drop_dead();
  std::size_t size() const noexcept { return entries_.size(); }

private:
  struct entry {
    std::weak_ptr<const void> life;
    std::unique_ptr<const packed_adapter> form;
  };
  const model_shape& shape_;
  std::unordered_map<const adapter*, entry> entries_;
};

} // namespace troupe::kernels
