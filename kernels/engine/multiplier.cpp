#include "kernels/engine/multiplier.hpp"

#include <algorithm>
#include <cstring>

namespace troupe::kernels {

namespace {

constexpr std::size_t octet_rows = 8;
/// Rows of activations that a few panels are multiplied by before the next rows come: both stay in the
/// second-level cache.
constexpr std::size_t row_block = 64;
/// How far ahead a panel is asked for that is read once.
constexpr std::size_t read_ahead = 4'096;
/// Weights that a thread takes at a time, so that threads meet seldom and end together.
constexpr std::size_t part_bytes = 131'072;

bool has_gain(const projection& of) {
  return std::ranges::any_of(of.gains, [](const packed_lora* gain) { return gain != nullptr; });
}

std::size_t panels_per_part(const projection& of) {
  auto bytes = of.by->weight.panel_bytes();
  if (of.gate)
    bytes += of.gate->by->weight.panel_bytes();
  return std::max<std::size_t>(1, part_bytes / bytes);
}

void add_bias(const std::vector<float>& bias, std::size_t panel, std::size_t count, float* out) {
  for (std::size_t token = 0; token < count; ++token)
    for (std::size_t i = 0; i < panel_rows; ++i)
      out[token * panel_rows + i] += bias[panel * panel_rows + i];
}

void put_down(const projection& of, std::size_t panel, std::size_t row, std::size_t count,
              const float* made) {
  const auto first = panel * panel_rows;
  const auto rows = std::min(panel_rows, of.by->weight.rows() - first);
  for (std::size_t token = 0; token < count; ++token, made += panel_rows) {
    const auto target = of.targets.empty() ? row + token : of.targets[row + token];
    float* at = of.out + target * of.stride + first;
    if (of.how != ending::add)
      std::memcpy(at, made, rows * sizeof(float));
    else
      for (std::size_t i = 0; i < rows; ++i)
        at[i] += made[i];
  }
}

} // namespace

void multiplier::run(std::span<projection> all) {
  shrink(all);
  multiply(all);
}

void multiplier::lay_out_hidden(std::span<projection> all) {
  std::size_t size = 0;
  for (auto& one : all) {
    one.hidden_stride = 0;
    for (const auto* gain : one.gains)
      if (gain)
        one.hidden_stride = std::max(one.hidden_stride, gain->octets * octet_rows);
    size += one.end * one.hidden_stride;
  }
  if (hidden_.size() < size)
    hidden_.resize(size);
  size = 0;
  for (auto& one : all) {
    one.hidden = hidden_.data() + size;
    size += one.end * one.hidden_stride;
  }
}

void multiplier::shrink(std::span<projection> all) {
  if (std::ranges::none_of(all, has_gain))
    return;
  lay_out_hidden(all);
  shrinks_.clear();
  for (const auto& one : all)
    add_shrink_parts(one);
  team_.share(shrinks_.size(), [this](std::size_t index) {
    const auto& part = shrinks_[index];
    const auto& of = *part.of;
    kernels_.shrink(part.gain->octet(part.octet), part.gain->columns,
                    of.from.floats + part.begin * of.from.stride, of.from.stride, part.end - part.begin,
                    part.gain->scale, of.hidden + part.begin * of.hidden_stride + part.octet * octet_rows,
                    of.hidden_stride);
  });
}

void multiplier::add_shrink_parts(const projection& of) {
  for (std::size_t i = 0; i < of.gains.size(); ++i) {
    const auto* gain = of.gains[i];
    const auto last = std::min(of.groups[i].end, of.end);
    if (!gain)
      continue;
    for (auto row = std::max(of.groups[i].begin, of.begin); row < last; row += row_block)
      for (std::size_t octet = 0; octet < gain->octets; ++octet)
        shrinks_.push_back({&of, gain, octet, row, std::min(row + row_block, last)});
  }
}

void multiplier::multiply(std::span<const projection> all) {
  parts_.clear();
  for (const auto& one : all) {
    if (!one.out)
      continue; // a gate, taken along with what it gates
    const auto step = panels_per_part(one);
    for (std::size_t first = 0; first < one.by->weight.panels(); first += step)
      parts_.push_back({&one, first, std::min(first + step, one.by->weight.panels())});
  }
  team_.share(parts_.size(), [this](std::size_t index) { panels(parts_[index]); });
}

/// The last tile of several asks for the next panel, which the machine would begin to only when it is read; a
/// single one asks for what it reads a little later itself.
void multiplier::panels(const panel_part& part) const {
  const auto& of = *part.of;
  for (auto begin = of.begin; begin < of.end; begin += row_block)
    for (auto panel = part.first; panel < part.last; ++panel) {
      const auto end = std::min(begin + row_block, of.end);
      for (auto row = begin; row < end; row += token_tile) {
        const bool last = row + token_tile >= end;
        const auto ahead = row > begin ? of.by->weight.panel_bytes() : read_ahead;
        tile(of, {panel, row, std::min(token_tile, of.end - row), last ? ahead : 0});
      }
    }
}

void multiplier::tile(const projection& of, const place& at) const {
  alignas(64) float made[token_tile * panel_rows];
  product(of, at, made);
  if (of.gate) {
    alignas(64) float gate[token_tile * panel_rows];
    product(*of.gate, at, gate);
    kernels_.gate(gate, made, at.count * panel_rows);
  }
  if (of.how == ending::gelu)
    kernels_.gelu(made, at.count * panel_rows);
  put_down(of, at.panel, at.row, at.count, made);
}

void multiplier::product(const projection& of, const place& at, float* out) const {
  const auto& weight = of.by->weight;
  tile_input x;
  x.floats = of.from.floats + at.row * of.from.stride;
  x.stride = of.from.stride;
  if (weight.takes_bytes())
    x.blocks = of.from.tiles + at.row / token_tile * (weight.columns() / int8_block);
  if (at.ahead > 0)
    x.ahead = weight.panel(at.panel) + at.ahead;
  kernels_.panels[static_cast<std::size_t>(weight.kind())](weight.panel(at.panel), weight.columns(), x,
                                                           at.count, out);
  if (!of.by->bias.empty())
    add_bias(of.by->bias, at.panel, at.count, out);
  if (!of.gains.empty())
    expand(of, at, out);
}

void multiplier::expand(const projection& of, const place& at, float* out) const {
  const auto first =
      std::ranges::partition_point(of.groups, [&at](const row_group& g) { return g.end <= at.row; });
  for (auto group = first; group != of.groups.end() && group->begin < at.row + at.count; ++group) {
    const auto* gain = of.gains[static_cast<std::size_t>(group - of.groups.begin())];
    if (!gain)
      continue;
    const auto begin = std::max(group->begin, at.row);
    const auto end = std::min(group->end, at.row + at.count);
    kernels_.expand(gain->panel(at.panel), gain->rank, of.hidden + begin * of.hidden_stride, of.hidden_stride,
                    end - begin, out + (begin - at.row) * panel_rows);
  }
}

} // namespace troupe::kernels
