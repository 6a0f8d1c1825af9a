#pragma once

#include "kernels/cpu/kernel_table.hpp"
#include "kernels/engine/packed_adapter.hpp"
#include "kernels/engine/packed_model.hpp"
#include "kernels/threads/team.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace troupe::kernels {

/// Rows of activations in the forms that matrices and adapters take. Both begin at row 0.
struct input_rows {
  const float* floats = nullptr;
  std::size_t stride = 0;
  const int8_tile_block* tiles = nullptr;
};

/// Rows one after the other that an adapter answers; groups are in order and leave none out.
struct row_group {
  std::size_t begin;
  std::size_t end;
  const packed_adapter* with; // null: the base model alone
};

/// What becomes of a product: it is put down, or added to what is there, or put down after gelu.
enum class ending { store, add, gelu };

/// One matrix for rows `begin` to `end`, the first of which is the first of a tile.
struct projection {
  const packed_linear* by = nullptr;
  input_rows from;
  std::size_t begin = 0;
  std::size_t end = 0;
  float* out = nullptr; // of row 0
  std::size_t stride = 0;
  std::span<const std::size_t> targets; // rows of `out` where they are others than those of the input
  ending how = ending::store;
  const projection* gate = nullptr; // the product is multiplied by silu of this one's
  std::span<const row_group> groups;
  std::vector<const packed_lora*> gains = {}; // of each group, null for none; empty: none at all

  float* hidden = nullptr; // the multiplier's own: A x of every row
  std::size_t hidden_stride = 0;
};

/// Multiplies several matrices by their rows at once, shared by a team of threads. A row's sums depend on
/// nothing but the row.
class multiplier {
public:
  multiplier(const kernel_table& kernels, thread_team& team)
      : kernels_(kernels)
      , team_(team) {}

  void run(std::span<projection> all);
  void run(projection& one) { run(std::span(&one, 1)); }

private:
  struct shrink_part {
    const projection* of;
    const packed_lora* gain;
    std::size_t octet;
    std::size_t begin;
    std::size_t end;
  };
  struct panel_part {
    const projection* of;
    std::size_t first;
    std::size_t last;
  };

  void lay_out_hidden(std::span<projection> all);
  void shrink(std::span<projection> all);
  void add_shrink_parts(const projection& of);
  void multiply(std::span<const projection> all);
  void panels(const panel_part& part) const;
  struct place {
    std::size_t panel;
    std::size_t row; // the first of
    std::size_t count;
    std::size_t ahead; // so many bytes behind the panel's begin memory is read next; 0: not said
  };
  void tile(const projection& of, const place& at) const;
  void product(const projection& of, const place& at, float* out) const;
  void expand(const projection& of, const place& at, float* out) const;

  const kernel_table& kernels_;
  thread_team& team_;
  std::vector<float> hidden_;
  std::vector<shrink_part> shrinks_;
  std::vector<panel_part> parts_;
};

} // namespace troupe::kernels
