#include "kernels/adapters/merge.hpp"

#include "kernels/base/result.hpp"

namespace troupe::kernels {

namespace {

matrix merged(const matrix& weight, const lora& with) {
  if (with.empty())
    return weight;
  ensure(weight.rows() == with.rows && weight.columns() == with.columns, "an adapter fits its matrix");
  std::vector<float> values(static_cast<std::size_t>(weight.rows() * weight.columns()));
  for (std::size_t row = 0; row < with.rows; ++row) {
    const auto out = std::span(values).subspan(row * with.columns, with.columns);
    const auto before = weight.row(row, out);
    for (std::size_t column = 0; column < with.columns; ++column) {
      float gain = 0;
      for (std::size_t r = 0; r < with.rank; ++r)
        gain += with.up[row * with.rank + r] * with.down[r * with.columns + column];
      out[column] = before[column] + with.scale * gain;
    }
  }
  return {weight.rows(), weight.columns(), std::move(values)};
}

/// The embedding's pair is the other way round: its columns are the tokens, which are rows of the table.
matrix merged_embedding(const matrix& table, const lora& with) {
  if (with.empty())
    return table;
  lora turned{with.rank,
              with.columns,
              with.rows,
              with.scale,
              std::vector<float>(with.up.size()),
              std::vector<float>(with.down.size())};
  for (std::size_t r = 0; r < with.rank; ++r) {
    for (std::size_t o = 0; o < with.rows; ++o)
      turned.down[r * with.rows + o] = with.up[o * with.rank + r];
    for (std::size_t token = 0; token < with.columns; ++token)
      turned.up[token * with.rank + r] = with.down[r * with.columns + token];
  }
  return merged(table, turned);
}

void merge_into(ffn_weights& ffn, const ffn_adapter& with) {
  ffn.gate.weight = merged(ffn.gate.weight, with.gate);
  ffn.up.weight = merged(ffn.up.weight, with.up);
  ffn.down.weight = merged(ffn.down.weight, with.down);
}

} // namespace

model_weights merged(const model_weights& model, const adapter& with) {
  ensure(model.layers.size() == with.layers.size(), "an adapter fits its model");
  auto out = model;
  out.head.weight = merged(model.head.weight, with.head);
  out.embedding = merged_embedding(model.embedding, with.embedding);
  for (std::size_t i = 0; i < out.layers.size(); ++i) {
    auto& layer = out.layers[i];
    const auto& own = with.layers[i];
    layer.query.weight = merged(layer.query.weight, own.query);
    layer.key.weight = merged(layer.key.weight, own.key);
    layer.value.weight = merged(layer.value.weight, own.value);
    layer.output.weight = merged(layer.output.weight, own.output);
    layer.router = merged(layer.router, own.router);
    merge_into(layer.ffn, own.ffn);
    for (std::size_t e = 0; e < layer.experts.size(); ++e)
      merge_into(layer.experts[e], own.experts[e]);
  }
  return out;
}

} // namespace troupe::kernels
