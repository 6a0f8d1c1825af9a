#pragma once

#include "kernels/engine/step_engine.hpp"
#include "kernels/reference/engine.hpp"

#include <memory>
#include <vector>

namespace troupe::kernels {

/// The judge of quick implementations: the float32 reference over pages of float32. Each step copies the
/// cache of its texts out of their pages and what is new back, so it is plain and slow.
class reference_step_engine final : public step_engine {
public:
  reference_step_engine(std::shared_ptr<const model_weights> model, std::uint32_t pages);

  const model_weights& model() const override { return reference_.model(); }
  std::uint32_t page_count() const override { return pages_; }
  result<step_output> step(std::span<const token_run> runs) override;

private:
  struct layer {
    std::vector<float> keys; // position after position of page after page
    std::vector<float> values;
  };

  result<done> check(std::span<const token_run> runs) const;
  sequence text_of(const token_run& run) const;
  void store(const token_run& run, sequence& text);
  step_output gathered(std::span<const token_run> runs, const std::vector<step_result>& results) const;
  std::size_t place_of(const token_run& run, std::uint32_t position) const;

  reference_engine reference_;
  std::uint32_t pages_;
  std::vector<layer> layers_;
};

} // namespace troupe::kernels
