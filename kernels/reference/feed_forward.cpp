#include "kernels/reference/pass.hpp"
#include "kernels/reference/routing.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

struct choice {
  std::size_t row;
  std::uint32_t expert;
  float share;
};

} // namespace

activations forward_pass::ffn(std::size_t index, const activations& x) const {
  if (!model_.layers[index].experts.empty())
    return mixed_experts(index, x);
  const auto which = [](const layer_adapter& a) -> const ffn_adapter& { return a.ffn; };
  return gated(model_.layers[index].ffn, x, index, which, parts_);
}

activations forward_pass::gated(const ffn_weights& by, const activations& x, std::size_t layer,
                                const ffn_of& which, const std::vector<part>& parts) const {
  auto up = applied_to(parts, by.up, x, layer,
                       [&which](const layer_adapter& a) -> const lora& { return which(a).up; });
  const auto inner = up.values();
  if (by.gate.weight.empty()) {
    std::ranges::transform(inner, inner.begin(), gelu_tanh);
  } else {
    const auto gate = applied_to(parts, by.gate, x, layer,
                                 [&which](const layer_adapter& a) -> const lora& { return which(a).gate; });
    std::ranges::transform(inner, gate.values(), inner.begin(), [](float u, float g) { return u * silu(g); });
  }
  return applied_to(parts, by.down, up, layer,
                    [&which](const layer_adapter& a) -> const lora& { return which(a).down; });
}

/// Each expert sees the rows that chose it. Shares are added in the order of the experts, which depends on
/// the row alone.
activations forward_pass::mixed_experts(std::size_t index, const activations& x) const {
  const auto& layer = model_.layers[index];
  const auto scores = applied(linear{layer.router, {}}, x, index,
                              [](const layer_adapter& a) -> const lora& { return a.router; });
  std::vector<choice> choices;
  for (std::size_t row = 0; row < x.rows(); ++row)
    for (const auto& one : choose_experts(scores.row(row), shape_.experts_used))
      choices.push_back({row, one.expert, one.share});
  activations out(x.rows(), x.columns());
  for (std::uint32_t expert = 0; expert < shape_.experts; ++expert) {
    std::vector<choice> own;
    std::ranges::copy_if(choices, std::back_inserter(own),
                         [expert](const choice& c) { return c.expert == expert; });
    if (own.empty())
      continue;
    activations rows(own.size(), x.columns());
    std::vector<part> parts;
    for (std::size_t i = 0; i < own.size(); ++i) {
      std::ranges::copy(x.row(own[i].row), rows.row(i).begin());
      const auto of = std::ranges::find_if(parts_, [&](const part& p) { return own[i].row < p.end; });
      parts.push_back({of->of, i, i + 1, of->with});
    }
    const auto which = [expert](const layer_adapter& a) -> const ffn_adapter& {
      static const ffn_adapter none;
      return a.experts.empty() ? none : a.experts[expert];
    };
    const auto made = gated(layer.experts[expert], rows, index, which, parts);
    for (std::size_t i = 0; i < own.size(); ++i)
      add_scaled(out.row(own[i].row), own[i].share, made.row(i));
  }
  return out;
}

} // namespace troupe::kernels
