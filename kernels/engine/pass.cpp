#include "kernels/engine/pass.hpp"

#include "kernels/engine/expert_pass.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::kernels {

serving_pass::serving_pass(pass_context& context, std::span<const run_part> parts)
    : context_(context)
    , shape_(context.model.shape)
    , parts_(parts) {
  for (const auto& part : parts) {
    if (groups_.empty() || groups_.back().with != part.with)
      groups_.push_back({part.begin, part.end, part.with});
    groups_.back().end = part.end;
    part_of_.insert(part_of_.end(), part.end - part.begin, &part);
  }
  rows_ = part_of_.size();
  angles_.resize(rows_);
  plan_attention();
}

void serving_pass::run(step_output& out) {
  for_tiles(
      [this](std::size_t row) {
        const auto& part = *part_of_[row];
        embed(part, row);
        angles_[row] = angles_at(context_.frequencies, shape_.rope.attention_factor, part.position(row));
      },
      rows_);
  for (std::size_t layer = 0; layer < context_.packed.layers.size(); ++layer) {
    attention(layer);
    feed_forward(layer);
  }
  hidden_rows(out);
  logits(out);
}

/// Rows of a tile lie in the same cache lines, so one thread takes them all.
void serving_pass::for_tiles(const std::function<void(std::size_t row)>& each, std::size_t rows) const {
  context_.team.share((rows + token_tile - 1) / token_tile, [&](std::size_t tile) {
    for (auto row = tile * token_tile; row < std::min(rows, (tile + 1) * token_tile); ++row)
      each(row);
  });
}

void serving_pass::embed(const run_part& part, std::size_t row) {
  const std::span out(context_.room.hidden.row(row), shape_.width);
  const auto token = static_cast<std::size_t>(part.run->tokens[part.first + row - part.begin]);
  const auto stored = context_.model.embedding.row(token, out);
  if (stored.data() != out.data())
    std::ranges::copy(stored, out.begin());
  if (!part.run->with || part.run->with->embedding.empty())
    return;
  const auto& pair = part.run->with->embedding;
  for (std::uint32_t r = 0; r < pair.rank; ++r) { // B times the token's column of A
    const float share = pair.scale * pair.down[std::size_t{r} * pair.columns + token];
    for (std::uint32_t o = 0; o < pair.rows; ++o)
      out[o] += share * pair.up[std::size_t{o} * pair.rank + r];
  }
}

projection serving_pass::through(const packed_linear& by, const input_rows& from, std::size_t layer,
                                 const gain_of& which) {
  projection made;
  made.by = &by;
  made.from = from;
  made.end = rows_;
  made.groups = groups_;
  made.gains = gains_of(groups_, [&](const packed_adapter& with) { return &which(with.layers[layer]); });
  return made;
}

void serving_pass::normalise(const packed_norm& by, const float* x, float* y) const {
  if (by.shift.empty())
    context_.kernels.normalise_rms(x, by.scale.data(), shape_.norm_epsilon, shape_.width, y);
  else
    context_.kernels.normalise_mean(x, by.scale.data(), by.shift.data(), shape_.norm_epsilon, shape_.width,
                                    y);
}

void serving_pass::normalise_rows(const packed_norm& by) {
  auto& room = context_.room;
  for_tiles(
      [&](std::size_t row) {
        normalise(by, room.hidden.row(row), room.normal.row(row));
        room.normal.quantise(context_.kernels, row);
      },
      rows_);
}

void serving_pass::attention(std::size_t index) {
  const auto& layer = context_.packed.layers[index];
  auto& room = context_.room;
  normalise_rows(layer.before_attention);
  projection all[] = {
      through(
          layer.query, room.normal.rows(), index, [](const auto& a) -> auto& { return a.query; }),
      through(
          layer.key, room.normal.rows(), index, [](const auto& a) -> auto& { return a.key; }),
      through(
          layer.value, room.normal.rows(), index, [](const auto& a) -> auto& { return a.value; })};
  row_buffer* outs[] = {&room.mixed.floats(), &room.key, &room.value};
  for (std::size_t i = 0; i < 3; ++i) {
    all[i].out = outs[i]->row(0);
    all[i].stride = outs[i]->stride();
  }
  context_.multiply.run(all);
  for_tiles([&](std::size_t row) { place(index, row); }, rows_);
  context_.team.share(attention_parts_.size(), [&](std::size_t i) { attend(index, attention_parts_[i]); });
  for_tiles([&](std::size_t row) { room.mixed.quantise(context_.kernels, row); }, rows_);
  auto output = through(
      layer.output, room.mixed.rows(), index, [](const auto& a) -> auto& { return a.output; });
  output.out = room.hidden.row(0);
  output.stride = room.hidden.stride();
  output.how = ending::add;
  context_.multiply.run(output);
}

/// Turns a row's queries and keys, scales the queries, and puts keys and values into their page.
void serving_pass::place(std::size_t index, std::size_t row) {
  const auto& layer = context_.model.layers[index];
  auto& room = context_.room;
  const std::size_t size = shape_.head_size;
  const float scale = 1.0f / std::sqrt(static_cast<float>(size));
  for (std::uint32_t head = 0; head < shape_.heads; ++head) {
    const std::span query(room.mixed.row(row) + head * size, size);
    turn_head(query, layer.query_norm, row);
    for (auto& number : query)
      number *= scale;
  }
  const auto position = part_of_[row]->position(row);
  const auto page = part_of_[row]->run->pages[position / page_positions];
  for (std::uint32_t head = 0; head < shape_.kv_heads; ++head) {
    float key[attention_tile::head_size_max] = {};
    float value[attention_tile::head_size_max] = {};
    std::copy_n(room.key.row(row) + head * size, size, key);
    std::copy_n(room.value.row(row) + head * size, size, value);
    turn_head(std::span(key, size), layer.key_norm, row);
    std::uint16_t keys[attention_tile::head_size_max];
    std::uint16_t values[attention_tile::head_size_max];
    context_.kernels.to_f16(key, padded(size), keys);
    context_.kernels.to_f16(value, padded(size), values);
    context_.cache.put(index, head, page, position % page_positions, keys, values);
  }
}

void serving_pass::turn_head(std::span<float> head, const std::vector<float>& norm, std::size_t row) const {
  if (!norm.empty())
    normalise_rms(norm, shape_.norm_epsilon, head, head);
  turn(head, angles_[row]);
}

/// Rows and heads that share keys and values go together, as many as a kernel takes.
void serving_pass::plan_attention() {
  const auto group = shape_.heads / shape_.kv_heads;
  const auto most = static_cast<std::uint32_t>(attention_tile::queries_max);
  const std::size_t rows = group >= most ? 1 : most / group;
  for (const auto& part : parts_)
    for (auto row = part.begin; row < part.end; row += rows)
      for (std::uint32_t kv_head = 0; kv_head < shape_.kv_heads; ++kv_head)
        for (std::uint32_t first = 0; first < group; first += most)
          attention_parts_.push_back({&part, row, std::min(rows, part.end - row), kv_head,
                                      kv_head * group + first, std::min(most, group - first)});
}

void serving_pass::attend(std::size_t index, const attention_part& part) {
  auto& cache = context_.cache;
  attention_tile tile;
  tile.keys = cache.keys(index, part.kv_head);
  tile.values = cache.values(index, part.kv_head);
  tile.key_stride = cache.key_stride();
  tile.value_stride = cache.value_stride();
  tile.pages = part.of->run->pages.data();
  tile.head_size = shape_.head_size;
  const auto window = shape_.windows[index];
  for (auto row = part.row; row < part.row + part.rows; ++row)
    for (std::uint32_t head = part.head; head < part.head + part.heads; ++head, ++tile.count) {
      const auto last = part.of->position(row);
      tile.query[tile.count] = tile.out[tile.count] =
          context_.room.mixed.row(row) + std::size_t{head} * shape_.head_size;
      tile.last[tile.count] = last;
      tile.first[tile.count] = window > 0 && last + 1 > window ? last + 1 - window : 0;
    }
  context_.kernels.attend(tile);
}

void serving_pass::feed_forward(std::size_t index) {
  const auto& layer = context_.packed.layers[index];
  auto& room = context_.room;
  if (!shape_.is_phi()) // whose parts see the same norm of the same state
    normalise_rows(layer.before_ffn);
  if (!layer.experts.empty())
    return expert_pass(context_, groups_, index, rows_).run();
  projection both[] = {
      through(
          layer.ffn.up, room.normal.rows(), index, [](const auto& a) -> auto& { return a.ffn.up; }),
      through(
          layer.ffn.gate, room.normal.rows(), index, [](const auto& a) -> auto& { return a.ffn.gate; })};
  const bool gated = !layer.ffn.gate.weight.empty();
  both[0].out = room.inner.row(0);
  both[0].stride = room.inner.floats().stride();
  both[0].gate = gated ? &both[1] : nullptr;
  both[0].how = gated ? ending::store : ending::gelu;
  context_.multiply.run(std::span(both).first(gated ? 2 : 1));
  for_tiles([&](std::size_t row) { room.inner.quantise(context_.kernels, row); }, rows_);
  auto down = through(
      layer.ffn.down, room.inner.rows(), index, [](const auto& a) -> auto& { return a.ffn.down; });
  down.out = room.hidden.row(0);
  down.stride = room.hidden.stride();
  down.how = ending::add;
  context_.multiply.run(down);
}

void serving_pass::hidden_rows(step_output& out) {
  auto& room = context_.room;
  if (std::ranges::none_of(parts_, [](const run_part& part) { return part.run->hidden; }))
    return;
  for_tiles(
      [&](std::size_t row) {
        const auto& part = *part_of_[row];
        if (!part.run->hidden)
          return;
        normalise(context_.packed.final_norm, room.hidden.row(row), room.normal.row(row));
        std::copy_n(room.normal.row(row), shape_.width,
                    out.hidden.row(part.hidden_at + row - part.begin).begin());
      },
      rows_);
}

/// The rows whose logits are wanted move together to the front.
void serving_pass::logits(step_output& out) {
  auto& room = context_.room;
  std::vector<std::size_t> rows;
  std::vector<std::size_t> targets;
  std::vector<row_group> groups;
  for (const auto& part : parts_) {
    const auto wanted = part.run->logits;
    const bool ends = part.first + part.end - part.begin == part.run->tokens.size();
    const auto first = wanted == wanted_logits::every          ? part.begin
                       : wanted == wanted_logits::last && ends ? part.end - 1
                                                               : part.end;
    groups.push_back({rows.size(), rows.size() + part.end - first, part.with});
    for (auto row = first; row < part.end; ++row) {
      targets.push_back(part.logits_at + row - first);
      rows.push_back(row);
    }
  }
  if (rows.empty())
    return;
  for_tiles(
      [&](std::size_t i) {
        normalise(context_.packed.final_norm, room.hidden.row(rows[i]), room.normal.row(i));
        room.normal.quantise(context_.kernels, i);
      },
      rows.size());
  projection head;
  head.by = &context_.packed.head;
  head.from = room.normal.rows();
  head.end = rows.size();
  head.groups = groups;
  head.gains = gains_of(groups, [](const packed_adapter& with) { return &with.head; });
  head.targets = targets;
  head.out = out.logits.values().data();
  head.stride = out.logits.columns();
  context_.multiply.run(head);
}

} // namespace troupe::kernels
