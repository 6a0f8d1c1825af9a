#include "kernels/engine/expert_pass.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

constexpr auto nobody = static_cast<std::size_t>(-1);

std::size_t whole_tiles(std::size_t rows) { return (rows + token_tile - 1) / token_tile * token_tile; }

} // namespace

expert_pass::expert_pass(pass_context& context, std::span<const row_group> groups, std::size_t layer,
                         std::size_t rows)
    : context_(context)
    , groups_(groups)
    , layer_(layer)
    , rows_(rows)
    , choices_(rows)
    , pairs_(rows) {}

void expert_pass::run() {
  choose();
  gather();
  project_in();
  project_out();
  const auto tiles = whole_tiles(rows_) / token_tile;
  context_.team.share(tiles, [this](std::size_t tile) {
    for (auto row = tile * token_tile; row < std::min(rows_, (tile + 1) * token_tile); ++row)
      scatter(row);
  });
}

void expert_pass::choose() {
  auto& room = context_.room;
  projection router;
  router.by = &context_.packed.layers[layer_].router;
  router.from = room.normal.rows();
  router.end = rows_;
  router.groups = groups_;
  router.gains =
      gains_of(groups_, [this](const packed_adapter& with) { return &with.layers[layer_].router; });
  router.out = room.scores.row(0);
  router.stride = room.scores.stride();
  context_.multiply.run(router);
  const auto& shape = context_.model.shape;
  for (std::size_t row = 0; row < rows_; ++row) {
    choices_[row] = choose_experts({room.scores.row(row), shape.experts}, shape.experts_used);
    std::ranges::sort(choices_[row], {}, &expert_choice::expert);
  }
}

/// Each expert's rows lie together and begin with a tile of their own.
void expert_pass::gather() {
  std::size_t end = 0;
  for (std::uint32_t expert = 0; expert < context_.model.shape.experts; ++expert) {
    const auto begin = end;
    for (const auto& group : groups_) {
      const auto first = end;
      for (auto row = group.begin; row < group.end; ++row)
        if (std::ranges::find(choices_[row], expert, &expert_choice::expert) != choices_[row].end()) {
          row_of_.push_back(row);
          pairs_[row].push_back(end++);
        }
      if (end > first)
        pair_groups_.push_back({first, end, group.with});
    }
    if (end == begin)
      continue;
    spans_.push_back({expert, begin, end});
    end = whole_tiles(end);
    row_of_.resize(end, nobody);
  }
  auto& room = context_.room;
  context_.team.share(end / token_tile, [&](std::size_t tile) {
    for (auto pair = tile * token_tile; pair < (tile + 1) * token_tile; ++pair) {
      if (row_of_[pair] == nobody)
        continue;
      std::copy_n(room.normal.row(row_of_[pair]), room.normal.floats().stride(),
                  room.expert_normal.row(pair));
      room.expert_normal.quantise(context_.kernels, pair);
    }
  });
}

std::vector<const packed_lora*> expert_pass::gains(std::uint32_t expert,
                                                   packed_lora packed_ffn_adapter::*which) const {
  return gains_of(pair_groups_, [&](const packed_adapter& with) -> const packed_lora* {
    const auto& experts = with.layers[layer_].experts;
    return experts.empty() ? nullptr : &(experts[expert].*which);
  });
}

void expert_pass::project_in() {
  auto& room = context_.room;
  std::vector<projection> all(spans_.size() * 2); // those of gates behind the others
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    const auto& span = spans_[i];
    const auto& expert = context_.packed.layers[layer_].experts[span.expert];
    auto& up = all[i];
    auto& gate = all[spans_.size() + i];
    up.by = &expert.up;
    gate.by = &expert.gate;
    up.gains = gains(span.expert, &packed_ffn_adapter::up);
    gate.gains = gains(span.expert, &packed_ffn_adapter::gate);
    for (auto* one : {&up, &gate}) {
      one->from = room.expert_normal.rows();
      one->begin = span.begin;
      one->end = span.end;
      one->groups = pair_groups_;
    }
    up.gate = &gate;
    up.out = room.expert_inner.row(0);
    up.stride = room.expert_inner.floats().stride();
  }
  context_.multiply.run(all);
}

void expert_pass::project_out() {
  auto& room = context_.room;
  context_.team.share(row_of_.size() / token_tile, [&](std::size_t tile) {
    for (auto pair = tile * token_tile; pair < (tile + 1) * token_tile; ++pair)
      if (row_of_[pair] != nobody)
        room.expert_inner.quantise(context_.kernels, pair);
  });
  std::vector<projection> all(spans_.size());
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    auto& down = all[i];
    down.by = &context_.packed.layers[layer_].experts[spans_[i].expert].down;
    down.from = room.expert_inner.rows();
    down.begin = spans_[i].begin;
    down.end = spans_[i].end;
    down.groups = pair_groups_;
    down.gains = gains(spans_[i].expert, &packed_ffn_adapter::down);
    down.out = room.expert_out.row(0);
    down.stride = room.expert_out.stride();
  }
  context_.multiply.run(all);
}

/// Shares are added in the order of the experts, which depends on the row alone.
void expert_pass::scatter(std::size_t row) {
  auto& room = context_.room;
  std::vector<float> sum(room.hidden.stride());
  for (std::size_t i = 0; i < pairs_[row].size(); ++i) {
    const float* made = room.expert_out.row(pairs_[row][i]);
    const float share = choices_[row][i].share;
    for (std::size_t c = 0; c < sum.size(); ++c)
      sum[c] += share * made[c];
  }
  float* hidden = room.hidden.row(row);
  for (std::size_t c = 0; c < sum.size(); ++c)
    hidden[c] += sum[c];
}

} // namespace troupe::kernels
