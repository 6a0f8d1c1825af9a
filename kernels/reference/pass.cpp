#include "kernels/reference/pass.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::kernels {

forward_pass::forward_pass(const model_weights& model, std::span<const float> frequencies,
                           std::span<const step> batch)
    : model_(model)
    , shape_(model.shape) {
  for (const auto& one : batch) {
    parts_.push_back({&one, rows_, rows_ + one.tokens.size(), one.of->with.get()});
    for (std::uint32_t i = 0; i < one.tokens.size(); ++i)
      angles_.push_back(angles_at(frequencies, shape_.rope.attention_factor, one.of->cache.positions() + i));
    rows_ += one.tokens.size();
  }
}

std::vector<step_result> forward_pass::run() {
  auto hidden = embedded();
  for (std::size_t index = 0; index < model_.layers.size(); ++index)
    run_layer(index, hidden);
  for (const auto& p : parts_)
    p.of->of->cache.advance(p.of->tokens.size());
  const auto all = logits(hidden);
  std::vector<step_result> out;
  std::size_t at = 0;
  for (const auto& p : parts_) {
    activations own(p.of->every_position ? p.end - p.begin : 1, all.columns());
    std::ranges::copy(all.values().subspan(at * all.columns(), own.values().size()), own.values().begin());
    at += own.rows();
    out.push_back({std::move(own), p.of->hidden ? final_rows(hidden, p.begin, p.end) : activations()});
  }
  return out;
}

activations forward_pass::final_rows(const activations& hidden, std::size_t begin, std::size_t end) const {
  activations rows(end - begin, hidden.columns());
  for (auto row = begin; row < end; ++row)
    normalise(model_.final_norm, shape_.norm_epsilon, hidden.row(row), rows.row(row - begin));
  return rows;
}

activations forward_pass::embedded() const {
  activations hidden(rows_, shape_.width);
  for (const auto& p : parts_)
    for (std::size_t i = 0; i < p.of->tokens.size(); ++i) {
      const auto out = hidden.row(p.begin + i);
      const auto token =
          static_cast<std::size_t>(p.of->tokens[i]); // within the vocabulary, as the engine has checked
      const auto row = model_.embedding.row(token, out);
      if (row.data() != out.data())
        std::ranges::copy(row, out.begin());
      if (!p.with || p.with->embedding.empty())
        continue;
      const auto& pair = p.with->embedding;
      for (std::uint32_t r = 0; r < pair.rank; ++r) // B times the token's column of A
        for (std::uint32_t o = 0; o < pair.rows; ++o)
          out[o] +=
              pair.scale * pair.up[o * pair.rank + r] * pair.down[std::size_t{r} * pair.columns + token];
    }
  return hidden;
}

activations forward_pass::applied_to(const std::vector<part>& parts, const linear& by, const activations& x,
                                     std::size_t layer, const lora_of& which) const {
  auto y = apply(by, x);
  for (const auto& p : parts)
    if (p.with)
      add_lora(which(p.with->layers[layer]), x, y, p.begin, p.end);
  return y;
}

activations forward_pass::applied(const linear& by, const activations& x, std::size_t layer,
                                  const lora_of& which) const {
  return applied_to(parts_, by, x, layer, which);
}

void forward_pass::run_layer(std::size_t index, activations& hidden) {
  const auto& layer = model_.layers[index];
  const auto before = normalised(layer.before_attention, shape_.norm_epsilon, hidden);
  const auto attended = attention(index, before);
  if (shape_.is_phi()) { // both parts see the same norm of the same state
    add_scaled(hidden.values(), 1, attended.values());
    add_scaled(hidden.values(), 1, ffn(index, before).values());
    return;
  }
  add_scaled(hidden.values(), 1, attended.values());
  const auto between = normalised(layer.before_ffn, shape_.norm_epsilon, hidden);
  add_scaled(hidden.values(), 1, ffn(index, between).values());
}

activations forward_pass::attention(std::size_t index, const activations& x) {
  const auto& layer = model_.layers[index];
  auto query = applied(layer.query, x, index, [](const layer_adapter& a) -> const lora& { return a.query; });
  auto key = applied(layer.key, x, index, [](const layer_adapter& a) -> const lora& { return a.key; });
  const auto value =
      applied(layer.value, x, index, [](const layer_adapter& a) -> const lora& { return a.value; });
  turn_heads(layer, query, key);
  activations mixed(rows_, shape_.query_width());
  for (const auto& p : parts_) {
    remember(index, p, key, value);
    attend(index, p, query, mixed);
  }
  return applied(layer.output, mixed, index, [](const layer_adapter& a) -> const lora& { return a.output; });
}

void forward_pass::turn_heads(const layer_weights& layer, activations& query, activations& key) const {
  const auto prepare = [&](activations& of, std::uint32_t heads, std::span<const float> norm) {
    for (std::size_t row = 0; row < of.rows(); ++row)
      for (std::uint32_t head = 0; head < heads; ++head) {
        const auto part = of.row(row).subspan(std::size_t{head} * shape_.head_size, shape_.head_size);
        if (!norm.empty())
          normalise_rms(norm, shape_.norm_epsilon, part, part);
        turn(part, angles_[row]);
      }
  };
  prepare(query, shape_.heads, layer.query_norm);
  prepare(key, shape_.kv_heads, layer.key_norm);
}

void forward_pass::remember(std::size_t index, const part& p, const activations& key,
                            const activations& value) {
  auto& seen = p.of->of->cache.at(index);
  for (std::size_t row = p.begin; row < p.end; ++row) {
    seen.keys.insert(seen.keys.end(), key.row(row).begin(), key.row(row).end());
    seen.values.insert(seen.values.end(), value.row(row).begin(), value.row(row).end());
  }
}

void forward_pass::attend(std::size_t index, const part& p, const activations& query,
                          activations& out) const {
  const auto& seen = p.of->of->cache.at(index);
  const auto window = shape_.windows[index];
  const auto group = shape_.heads / shape_.kv_heads;
  for (std::size_t row = p.begin; row < p.end; ++row) {
    const auto last = p.of->of->cache.positions() + static_cast<std::uint32_t>(row - p.begin);
    const auto first = window > 0 && last + 1 > window ? last + 1 - window : 0;
    for (std::uint32_t head = 0; head < shape_.heads; ++head) {
      const auto offset = std::size_t{head} * shape_.head_size;
      attend_head(seen, first, last, std::size_t{head / group} * shape_.head_size,
                  query.row(row).subspan(offset, shape_.head_size),
                  out.row(row).subspan(offset, shape_.head_size));
    }
  }
}

void forward_pass::attend_head(const kv_cache::layer& seen, std::uint32_t first, std::uint32_t last,
                               std::size_t key_offset, std::span<const float> query,
                               std::span<float> out) const {
  const float scale = 1.0f / std::sqrt(static_cast<float>(shape_.head_size));
  const auto width = std::size_t{shape_.kv_width()};
  std::vector<float> shares(last - first + 1);
  for (std::uint32_t at = first; at <= last; ++at)
    shares[at - first] =
        scale * dot(query, std::span(seen.keys).subspan(at * width + key_offset, query.size()));
  softmax(shares);
  std::ranges::fill(out, 0.0f);
  for (std::uint32_t at = first; at <= last; ++at)
    add_scaled(out, shares[at - first], std::span(seen.values).subspan(at * width + key_offset, out.size()));
}

activations forward_pass::logits(const activations& hidden) const {
  std::vector<part> parts;
  std::vector<std::size_t> rows;
  for (const auto& p : parts_) {
    const auto first = p.of->every_position ? p.begin : p.end - 1;
    parts.push_back({p.of, rows.size(), rows.size() + p.end - first, p.with});
    for (auto row = first; row < p.end; ++row)
      rows.push_back(row);
  }
  activations last(rows.size(), hidden.columns());
  for (std::size_t i = 0; i < rows.size(); ++i)
    normalise(model_.final_norm, shape_.norm_epsilon, hidden.row(rows[i]), last.row(i));
  auto out = apply(model_.head, last);
  for (const auto& p : parts)
    if (p.with)
      add_lora(p.with->head, last, out, p.begin, p.end);
  return out;
}

} // namespace troupe::kernels
