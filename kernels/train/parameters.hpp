#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/model/shape.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace troupe::kernels::train {

/// The matrices of a layer that an adapter may change.
enum class site : std::uint8_t { query, key, value, output, router, gate, up, down };
constexpr std::size_t site_count = 8;

/// Numbers the pairs of a model one behind the other: of each layer the sites, then three for each expert;
/// last the head's and the embedding's.
class site_map {
public:
  explicit site_map(const model_shape& shape)
      : layers_(shape.layers)
      , layer_size_(site_count + 3 * std::size_t{shape.experts}) {}

  std::size_t at(std::size_t layer, site which) const {
    return layer * layer_size_ + static_cast<std::size_t>(which);
  }
  /// gate, up or down of one expert.
  std::size_t at(std::size_t layer, std::size_t expert, site which) const {
    return layer * layer_size_ + site_count + 3 * expert + static_cast<std::size_t>(which) -
           static_cast<std::size_t>(site::gate);
  }
  std::size_t head() const { return layers_ * layer_size_; }
  std::size_t embedding() const { return head() + 1; }
  std::size_t count() const { return head() + 2; }
  std::size_t layer_begin(std::size_t layer) const { return layer * layer_size_; }

private:
  std::size_t layers_;
  std::size_t layer_size_;
};

/// lora, with numbers of any precision.
template<class Real>
struct low_rank {
  std::uint32_t rank = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  Real scale = 1;
  std::vector<Real> down;
  std::vector<Real> up;
};

/// What training changes, or how much: the pairs of one adapter by their number in `site_map`. PEFT's stacked
/// experts have one A for gate and up; with `shared_gate_up` those two are one parameter, kept twice.
template<class Real>
class parameters {
public:
  parameters(const adapter& from, const model_shape& shape, bool shared_gate_up);

  /// Zeros of the same sizes.
  parameters zeros() const;
  /// The values back in an adapter's form.
  void write_to(adapter& into, const model_shape& shape) const;

  low_rank<Real>& pair(std::size_t index) { return pairs_[index]; }
  const low_rank<Real>& pair(std::size_t index) const { return pairs_[index]; }
  const site_map& sites() const noexcept { return sites_; }
  /// The first layer with a pair; the number of layers if none has one and 0 with one of the embedding.
  std::size_t first_layer() const noexcept { return first_layer_; }

  /// After a backward pass: what came to the second copy of a shared A goes to the first.
  void join_shared();

  /// Every parameter once, in a fixed order, beside those of other sets of the same sizes.
  using visitor = std::function<void(std::span<const std::span<Real>> same)>;
  static void for_each(std::span<parameters* const> sets, const visitor& visit);

private:
  bool is_second_copy(std::size_t index) const;

  site_map sites_;
  std::vector<low_rank<Real>> pairs_;
  std::size_t first_layer_ = 0;
  std::size_t experts_ = 0;
  bool shared_gate_up_ = false;
};

extern template class parameters<float>;
extern template class parameters<double>;

} // namespace troupe::kernels::train
