#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/base/result.hpp"
#include "kernels/base/token_id.hpp"
#include "kernels/model/weights.hpp"
#include "kernels/reference/arithmetic.hpp"

#include <cstdint>
#include <span>

namespace troupe::kernels {

/// A page of the KV cache holds the keys and values of this many positions of one text, in all layers.
constexpr std::uint32_t page_positions = 16;

using page_id = std::uint32_t;

enum class wanted_logits : std::uint8_t { none, last, every };

/// New tokens of one text in one step.
struct token_run {
  std::span<const token_id> tokens;
  std::uint32_t position = 0;     // of the first; what lies before it is in the pages already
  std::span<const page_id> pages; // page i holds positions 16i … 16i+15; enough for the new ones too
  const adapter* with = nullptr;  // null: the base model alone; outlives the step
  wanted_logits logits = wanted_logits::last;
  bool hidden = false; // the last layer's output after the final norm, for every token
};

struct step_output {
  activations logits; // rows of all runs in order, as many of each as it wanted
  activations hidden; // likewise
};

/// A model that takes one step of many texts at once. Figures of a text are the same bits alone, in any
/// batch, in one step and in many. One thread steps at a time; pages that two texts share are only read.
class step_engine {
public:
  virtual ~step_engine() = default;

  virtual const model_weights& model() const = 0;
  /// How many pages there are; who owns which is the caller's affair.
  virtual std::uint32_t page_count() const = 0;
  /// Refuses, before it writes anything: tokens outside the vocabulary, empty runs, too few pages or ones
  /// that do not exist, texts longer than the context, adapters of another shape.
  virtual result<step_output> step(std::span<const token_run> runs) = 0;
};

} // namespace troupe::kernels
