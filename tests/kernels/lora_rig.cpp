#include "tests/kernels/lora_rig.hpp"

#include "kernels/cuda/lora_decode.cuh"
#include "kernels/cuda/lora_prefill.cuh"
#include "tests/kernels/draws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::kernels::cuda {

lora_rig::lora_rig(const lora_shape& shape, const std::vector<std::int32_t>& slots, std::uint32_t splits)
    : shape_(shape)
    , slot_of_row_(row_capacity, -1)
    , segments_(row_capacity) {
  draws from(5);
  x_ = from.halves(std::size_t{row_capacity} * shape.inner, 1);
  const auto slot_count = shape.ranks.size();
  for (const auto outer : shape.outer) {
    before_.push_back(from.floats(std::size_t{row_capacity} * outer, 1));
    for (const auto rank : shape.ranks) {
      matrices_.push_back(from.halves(std::size_t{rank} * shape.inner, 0.1f));
      const auto* down = matrices_.back().data();
      matrices_.push_back(from.halves(std::size_t{outer} * rank, 0.5f));
      slots_.push_back(
          {down, matrices_.back().data(), 0.5f + static_cast<float>(slots_.size()) * 0.25f, rank});
    }
  }
  y_ = before_;
  launch_.x = x_.data();
  for (std::size_t t = 0; t < shape.outer.size(); ++t) {
    launch_.y[t] = y_[t].data();
    launch_.outer[t] = shape.outer[t];
  }
  launch_.inner = shape.inner;
  launch_.targets = static_cast<std::uint32_t>(shape.outer.size());
  launch_.slots = slots_.data();
  launch_.slot_count = static_cast<std::uint32_t>(slot_count);
  launch_.row_count = &row_count_;
  launch_.slot_of_row = slot_of_row_.data();
  launch_.segment_count = &segment_count_;
  launch_.segments = segments_.data();
  launch_.splits = splits;
  launch_.row_capacity = row_capacity;
  launch_.rank_capacity = *std::ranges::max_element(shape.ranks);
  planes_.assign(std::size_t{splits} * row_capacity * launch_.targets * launch_.rank_capacity,
                 std::numeric_limits<float>::quiet_NaN());
  launch_.planes = planes_.data();
  put(slots);
}

void lora_rig::put(const std::vector<std::int32_t>& slots) {
  row_count_ = static_cast<std::uint32_t>(slots.size());
  std::ranges::copy(slots, slot_of_row_.begin());
  segment_count_ = 0;
  for (std::uint32_t row = 0; row < row_count_; ++row) {
    const bool goes_on = segment_count_ > 0 && segments_[segment_count_ - 1].slot == slots[row] &&
                         segments_[segment_count_ - 1].rows < segment_rows;
    if (goes_on)
      ++segments_[segment_count_ - 1].rows;
    else
      segments_[segment_count_++] = {row, 1, slots[row]};
  }
  for (std::size_t t = 0; t < y_.size(); ++t)
    std::ranges::copy(before_[t], y_[t].begin());
  std::ranges::fill(planes_, std::numeric_limits<float>::quiet_NaN());
}

void lora_rig::decode(const emulation& how) {
  put({slot_of_row_.begin(), slot_of_row_.begin() + row_count_});
  const auto tiles = launch_.targets * launch_.rank_capacity / rank_tile;
  launch({tiles, launch_.splits, row_capacity}, shrink_threads, how, [this] { lora_shrink_decode(launch_); });
  launch({2, launch_.targets, row_capacity}, expand_threads, how, [this] { lora_expand_decode(launch_); });
}

void lora_rig::prefill(const emulation& how) {
  put({slot_of_row_.begin(), slot_of_row_.begin() + row_count_});
  const auto tiles = launch_.targets * launch_.rank_capacity / mma_columns;
  launch({tiles, 1, row_capacity}, prefill_threads, how, [this] { lora_shrink_prefill(launch_); });
  launch({2, launch_.targets, row_capacity}, prefill_threads, how, [this] { lora_expand_prefill(launch_); });
}

void lora_rig::decode_again(const std::vector<std::int32_t>& slots) {
  put(slots);
  decode({});
}

void lora_rig::prefill_again(const std::vector<std::int32_t>& slots) {
  put(slots);
  prefill({});
}

/// scale * A x of one row, in double.
std::vector<double> lora_rig::hidden(std::size_t target, std::size_t row) const {
  const auto number = slot_of_row_[row];
  if (number < 0)
    return {};
  const auto& slot = slots_[target * launch_.slot_count + static_cast<std::size_t>(number)];
  std::vector<double> sums(slot.rank);
  for (std::size_t r = 0; r < slot.rank; ++r) {
    for (std::size_t k = 0; k < shape_.inner; ++k)
      sums[r] += value(x_[row * shape_.inner + k]) * value(slot.down[r * shape_.inner + k]);
    sums[r] *= static_cast<double>(slot.scale);
  }
  return sums;
}

double lora_rig::worst_share() const {
  double worst = 0, largest = 0;
  for (std::size_t t = 0; t < y_.size(); ++t)
    for (std::size_t row = 0; row < row_count_; ++row) {
      const auto inner = hidden(t, row);
      const auto number = static_cast<std::size_t>(std::max(slot_of_row_[row], 0));
      const auto* up = slots_[t * launch_.slot_count + number].up;
      for (std::size_t n = 0; n < shape_.outer[t]; ++n) {
        double wanted = 0;
        for (std::size_t r = 0; r < inner.size(); ++r)
          wanted += inner[r] * value(up[n * inner.size() + r]);
        const auto at = row * shape_.outer[t] + n;
        const double off =
            std::fabs(static_cast<double>(before_[t][at]) + wanted - static_cast<double>(y_[t][at]));
        worst = std::isnan(off) ? std::numeric_limits<double>::infinity() : std::max(worst, off);
        largest = std::max(largest, std::fabs(wanted));
      }
    }
  return largest > 0 ? worst / largest : worst;
}

bool lora_rig::base_rows_untouched() const {
  for (std::size_t t = 0; t < y_.size(); ++t)
    for (std::size_t row = 0; row < row_capacity; ++row)
      for (std::size_t n = 0; n < shape_.outer[t]; ++n) {
        const auto at = row * shape_.outer[t] + n;
        const bool adapted = row < row_count_ && slot_of_row_[row] >= 0;
        if (!adapted && y_[t][at] != before_[t][at])
          return false;
      }
  return true;
}

std::vector<float> lora_rig::results() const {
  std::vector<float> all;
  for (const auto& of_target : y_)
    all.insert(all.end(), of_target.begin(), of_target.end());
  return all;
}

std::vector<float> lora_rig::row(std::size_t index) const {
  std::vector<float> all;
  for (std::size_t t = 0; t < y_.size(); ++t) {
    const auto begin = y_[t].begin() + static_cast<std::ptrdiff_t>(index * shape_.outer[t]);
    all.insert(all.end(), begin, begin + shape_.outer[t]);
  }
  return all;
}

} // namespace troupe::kernels::cuda
