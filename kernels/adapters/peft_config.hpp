#pragma once

#include "kernels/files/json_object.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::kernels {

/// Names of modules as PEFT selects them: a list of endings, or one regular expression for the whole name.
class module_choice {
public:
  module_choice() = default;
  static result<module_choice> read(const json_object& config, std::string_view key);

  bool given() const noexcept { return given_; }
  bool all_linear() const noexcept { return all_linear_; }
  bool matches(std::string_view module) const;

private:
  bool given_ = false;
  bool all_linear_ = false;
  std::vector<std::string> endings_;
  std::shared_ptr<const class module_pattern> pattern_;
};

/// adapter_config.json of a PEFT folder: what of it decides about numbers. What we do not compute is refused
/// by name.
class peft_config {
public:
  static result<peft_config> read(const json_object& config);

  bool targets_module(std::string_view module) const;
  /// Targeted by name or pattern: an adapter of "all-linear" has what was linear in the release that made it.
  bool demands_module(std::string_view module) const {
    return !modules_.all_linear() && targets_module(module);
  }
  /// Parameters are named with their modules: "model.layers.0.mlp.experts.down_proj".
  bool targets_parameter(std::string_view parameter) const;

  /// The rank and the scale (alpha / r, or alpha / sqrt(r)) for a module or parameter.
  result<std::uint32_t> rank_of(std::string_view target) const;
  float scale_of(std::string_view target, std::uint32_t rank) const;

private:
  struct override_of {
    std::shared_ptr<const class module_pattern> names;
    double value;
  };
  static result<std::vector<override_of>> read_overrides(const json_object& config, std::string_view key);
  bool is_chosen_layer(std::string_view module) const;

  module_choice modules_;
  module_choice excluded_;
  std::vector<std::string> parameters_;
  std::vector<std::uint64_t> layers_; // empty: all
  std::vector<override_of> ranks_;
  std::vector<override_of> alphas_;
  std::uint32_t rank_ = 0;
  double alpha_ = 0;
  bool rank_stabilised_ = false;
};

} // namespace troupe::kernels
