#include "kernels/train/parameters.hpp"

#include <algorithm>
#include <type_traits>

namespace troupe::kernels::train {

namespace {

/// The pairs of an adapter, const or not, in the order of the site map.
template<class Adapter, class Visit>
void visit_pairs(Adapter& of, const site_map& sites, const Visit& visit) {
  for (std::size_t i = 0; i < of.layers.size(); ++i) {
    auto& layer = of.layers[i];
    visit(sites.at(i, site::query), layer.query);
    visit(sites.at(i, site::key), layer.key);
    visit(sites.at(i, site::value), layer.value);
    visit(sites.at(i, site::output), layer.output);
    visit(sites.at(i, site::router), layer.router);
    const auto visit_ffn = [&](auto& ffn, auto place) {
      visit(place(site::gate), ffn.gate);
      visit(place(site::up), ffn.up);
      visit(place(site::down), ffn.down);
    };
    visit_ffn(layer.ffn, [&](site s) { return sites.at(i, s); });
    for (std::size_t e = 0; e < layer.experts.size(); ++e)
      visit_ffn(layer.experts[e], [&](site s) { return sites.at(i, e, s); });
  }
  visit(sites.head(), of.head);
  visit(sites.embedding(), of.embedding);
}

} // namespace

template<class Real>
parameters<Real>::parameters(const adapter& from, const model_shape& shape, bool shared_gate_up)
    : sites_(shape)
    , pairs_(sites_.count())
    , first_layer_(shape.layers)
    , experts_(shape.experts)
    , shared_gate_up_(shared_gate_up) {
  visit_pairs(from, sites_, [this](std::size_t index, const lora& pair) {
    pairs_[index] = {pair.rank,
                     pair.rows,
                     pair.columns,
                     static_cast<Real>(pair.scale),
                     {pair.down.begin(), pair.down.end()},
                     {pair.up.begin(), pair.up.end()}};
  });
  for (std::size_t layer = shape.layers; layer-- > 0;)
    for (std::size_t i = sites_.layer_begin(layer); i < sites_.layer_begin(layer + 1); ++i)
      if (pairs_[i].rank > 0)
        first_layer_ = layer;
  if (pairs_[sites_.embedding()].rank > 0)
    first_layer_ = 0;
}

template<class Real>
parameters<Real> parameters<Real>::zeros() const {
  parameters made = *this;
  for (auto& pair : made.pairs_) {
    std::ranges::fill(pair.down, Real{0});
    std::ranges::fill(pair.up, Real{0});
  }
  return made;
}

template<class Real>
void parameters<Real>::write_to(adapter& into, const model_shape& shape) const {
  visit_pairs(into, site_map(shape), [this](std::size_t index, lora& pair) {
    std::ranges::transform(pairs_[index].down, pair.down.begin(),
                           [](Real v) { return static_cast<float>(v); });
    std::ranges::transform(pairs_[index].up, pair.up.begin(), [](Real v) { return static_cast<float>(v); });
  });
}

template<class Real>
bool parameters<Real>::is_second_copy(std::size_t index) const {
  if (!shared_gate_up_ || index >= sites_.head())
    return false;
  const auto within = index % sites_.layer_begin(1);
  return within >= site_count && (within - site_count) % 3 == 1;
}

template<class Real>
void parameters<Real>::join_shared() {
  for (std::size_t i = 0; i < sites_.head(); ++i)
    if (is_second_copy(i)) {
      auto& first = pairs_[i - 1].down;
      std::ranges::transform(first, pairs_[i].down, first.begin(), std::plus<Real>{});
      std::ranges::fill(pairs_[i].down, Real{0});
    }
}

template<class Real>
void parameters<Real>::for_each(std::span<parameters* const> sets, const visitor& visit) {
  std::vector<std::span<Real>> same(sets.size());
  const auto gather = [&](std::size_t index, std::vector<Real> low_rank<Real>::*side) {
    for (std::size_t s = 0; s < sets.size(); ++s)
      same[s] = sets[s]->pairs_[index].*side;
    if (!same.front().empty())
      visit(same);
  };
  for (std::size_t i = 0; i < sets.front()->pairs_.size(); ++i) {
    if (!sets.front()->is_second_copy(i))
      gather(i, &low_rank<Real>::down);
    gather(i, &low_rank<Real>::up);
  }
  for (auto* set : sets) // both copies say the same again
    for (std::size_t i = 0; i < set->sites_.head(); ++i)
      if (set->is_second_copy(i))
        set->pairs_[i].down = set->pairs_[i - 1].down;
}

template class parameters<float>;
template class parameters<double>;

} // namespace troupe::kernels::train
