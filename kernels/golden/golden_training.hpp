#pragma once

#include "kernels/adapters/peft_config.hpp"
#include "kernels/golden/golden.hpp"
#include "kernels/golden/golden_files.hpp"

namespace troupe::kernels {

/// The training part of a golden case: losses and gradients of one supervised step, of one preference (DPO)
/// and of two verdicts (KTO), and fifty steps of AdamW from the adapter as it is stored.
result<std::vector<golden_item>> check_golden_training(const model_weights& model, const adapter& from,
                                                       const peft_config& config, const golden_files& files);

} // namespace troupe::kernels
