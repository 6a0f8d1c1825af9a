#pragma once

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/engine/step_engine.hpp"

#include <cstdint>
#include <memory>

namespace troupe::kernels {

struct serving_settings {
  std::uint32_t pages = 1;
  std::size_t threads = 1; // the caller's own among them
  instruction_set set = instruction_set::portable;
};

/// Settings for this machine: its best instruction set and so many threads as it has processors.
serving_settings settings_here(std::uint32_t pages);

/// The quick engine. Weights are packed for the kernels, activations rounded to bytes where weights are
/// stored as bytes; keys and values are in half precision, adapters in bfloat16. Same bits on every
/// instruction set, with any number of threads, alone and in any batch.
class serving_engine final : public step_engine {
public:
  /// Refuses what does not fit in memory, with the sum, and heads of more numbers than the kernels take.
  static result<std::unique_ptr<serving_engine>> create(std::shared_ptr<const model_weights> model,
                                                        const serving_settings& settings);
  ~serving_engine() override;

  const model_weights& model() const override;
  std::uint32_t page_count() const override;
  result<step_output> step(std::span<const token_run> runs) override;

  /// What the packed weights take.
  std::uint64_t weight_bytes() const noexcept;
  /// Of how many adapters a packed form is kept.
  std::size_t adapters_packed() const noexcept;

private:
  struct state;
  explicit serving_engine(std::unique_ptr<state> all);
  std::unique_ptr<state> all_;
};

} // namespace troupe::kernels
