#include "kernels/engine/packed_adapter.hpp"

#include "kernels/base/half.hpp"
#include "kernels/cpu/rows.hpp"

namespace troupe::kernels {

namespace {

constexpr std::size_t octet_rows = 8;

std::size_t rounded_up(std::size_t number, std::size_t to) { return (number + to - 1) / to * to; }

/// Four columns of a row of A are one 64-bit lane, in this order: see `shrink_tile`.
constexpr std::size_t place_of_column[4] = {0, 2, 1, 3};

packed_ffn_adapter pack(const ffn_adapter& from) {
  return {packed_lora(from.gate), packed_lora(from.up), packed_lora(from.down)};
}

packed_layer_adapter pack(const layer_adapter& from) {
  packed_layer_adapter made{packed_lora(from.query),
                            packed_lora(from.key),
                            packed_lora(from.value),
                            packed_lora(from.output),
                            pack(from.ffn),
                            packed_lora(from.router),
                            {}};
  for (const auto& expert : from.experts)
    made.experts.push_back(pack(expert));
  return made;
}

bool fits(const lora& pair, std::uint32_t rows, std::uint32_t columns) {
  const auto rank = std::size_t{pair.rank};
  return pair.empty() || (pair.rows == rows && pair.columns == columns &&
                          pair.down.size() == rank * columns && pair.up.size() == rank * rows);
}

bool fits(const ffn_adapter& ffn, const model_shape& shape) {
  return fits(ffn.gate, shape.ffn_width, shape.width) && fits(ffn.up, shape.ffn_width, shape.width) &&
         fits(ffn.down, shape.width, shape.ffn_width);
}

bool fits(const layer_adapter& layer, const model_shape& shape) {
  if (!fits(layer.query, shape.query_width(), shape.width) ||
      !fits(layer.key, shape.kv_width(), shape.width) || !fits(layer.value, shape.kv_width(), shape.width) ||
      !fits(layer.output, shape.width, shape.query_width()) ||
      !fits(layer.router, shape.experts, shape.width) || !fits(layer.ffn, shape))
    return false;
  if (!layer.experts.empty() && layer.experts.size() != shape.experts)
    return false;
  for (const auto& expert : layer.experts)
    if (!fits(expert, shape))
      return false;
  return true;
}

} // namespace

packed_lora::packed_lora(const lora& from)
    : rank(rounded_up(from.rank, 2))
    , octets((std::size_t{from.rank} + octet_rows - 1) / octet_rows)
    , columns(rounded_up(from.columns, 4))
    , scale(from.scale)
    , down(octets * octet_rows * columns)
    , up(padded(from.rows) * rank) {
  for (std::size_t r = 0; r < from.rank; ++r) {
    for (std::size_t c = 0; c < from.columns; ++c)
      down[r / octet_rows * octet_rows * columns + (c / 4 * octet_rows + r % octet_rows) * 4 +
           place_of_column[c % 4]] = bf16_of_float(from.down[r * from.columns + c]);
    for (std::size_t row = 0; row < from.rows; ++row)
      up[row / panel_rows * panel_rows * rank + (r / 2 * panel_rows + row % panel_rows) * 2 + r % 2] =
          bf16_of_float(from.up[row * from.rank + r]);
  }
}

packed_adapter::packed_adapter(const adapter& from)
    : head(from.head) {
  for (const auto& layer : from.layers)
    layers.push_back(pack(layer));
}

result<done> check_adapter(const adapter& one, const model_shape& shape) {
  bool fit = one.layers.size() == shape.layers && fits(one.head, shape.vocabulary, shape.width) &&
             fits(one.embedding, shape.width, shape.vocabulary);
  for (std::size_t i = 0; fit && i < one.layers.size(); ++i)
    fit = fits(one.layers[i], shape);
  if (!fit)
    return fail(fault::invalid, "adapter " + one.name + " is for a model of another shape");
  return done{};
}

result<const packed_adapter*> adapter_cache::packed(const adapter& one) {
  const auto life = one.identity.life();
  auto& known = entries_[&one];
  if (known.form && !known.life.owner_before(life) && !life.owner_before(known.life))
    return known.form.get();
  if (const auto sound = check_adapter(one, shape_); !sound) {
    entries_.erase(&one);
    return fail(sound);
  }
  known = {life, std::make_unique<const packed_adapter>(one)};
  return known.form.get();
}

void adapter_cache::drop_dead() {
  std::erase_if(entries_, [](const auto& known) { return known.second.life.expired(); });
}

} // namespace troupe::kernels
