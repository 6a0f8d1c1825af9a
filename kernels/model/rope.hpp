#pragma once

#include "kernels/model/shape.hpp"

#include <span>
#include <vector>

namespace troupe::kernels {

/// How far each pair of a head's numbers turns with every position; half as many as there are dimensions.
std::vector<float> rope_frequencies(const rope_settings& rope);

/// Cosines and sines of one position, those of a pair at the same index.
struct rope_angles {
  std::vector<float> cosines;
  std::vector<float> sines;
};
rope_angles angles_at(std::span<const float> frequencies, double attention_factor, std::uint32_t position);

/// Turns the numbers i and i + half of the first dimensions of a head.
void turn(std::span<float> head, const rope_angles& by);

} // namespace troupe::kernels
