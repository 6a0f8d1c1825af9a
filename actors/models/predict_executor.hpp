#pragma once

#include "runtime/effects/executor.hpp"

#include <memory>

namespace troupe::models {

/// Carries out `model.predict`: a whole prediction as one effect, for askers that are no C++ agents.
///   {"name", "version"?, "instructions", "input_schema", "output_schema", "input", "adapter"?} → the output
/// The schemas are JSON Schemas; the target is the segment. A reply that does not fit is sent back with the
/// reason, as often as `reasks` says; the outcome's meta adds up what all asking cost.
class predict_executor final : public effect_executor {
public:
  predict_executor(std::shared_ptr<effect_executor> generate, int reasks);

  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  std::shared_ptr<effect_executor> generate_;
  int reasks_;
};

} // namespace troupe::models
