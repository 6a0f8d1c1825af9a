#include "kernels/adapters/peft_writer.hpp"

#include "kernels/adapters/slots.hpp"
#include "kernels/base/new_file.hpp"
#include "kernels/files/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

namespace troupe::kernels {

namespace {

constexpr std::uint32_t rank_max = 1024;

std::string last_part(const std::string& module) { return module.substr(module.rfind('.') + 1); }

bool in_all_linear(const std::string& module) {
  const auto part = last_part(module);
  return module.starts_with("model.layers.") && part != "gate";
}

bool is_target(const std::string& module, const adapter_plan& plan) {
  return std::ranges::any_of(plan.targets, [&module](const std::string& target) {
    return target == "all-linear" ? in_all_linear(module)
                                  : module == target || module.ends_with("." + target);
  });
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

result<done> check_plan(const adapter_plan& plan, const model_shape& shape) {
  if (plan.rank == 0 || plan.rank > rank_max)
    return fail(fault::invalid, "a rank of " + std::to_string(plan.rank) + " is not within 1 and " +
                                    std::to_string(rank_max));
  if (!(plan.alpha > 0) || !std::isfinite(plan.alpha))
    return fail(fault::invalid, "alpha is a number above 0");
  if (plan.targets.empty())
    return fail(fault::invalid, "no module is targeted", "targets: [q_proj, v_proj]");
  auto known = empty_adapter("", shape);
  std::set<std::string> parts;
  for (const auto& [module, into] : slots_of(known, shape))
    if (module != "model.embed_tokens")
      parts.insert(last_part(module));
  for (const auto& target : plan.targets)
    if (target != "all-linear" && !parts.contains(target))
      return fail(fault::not_found, "the model has no module " + target, "it has " + listed(parts));
  return done{};
}

tensor_source as_tensor(const std::string& name, std::uint64_t rows, std::uint64_t columns,
                        std::vector<float> values) {
  return {
      name, dtype::f32, {rows, columns}, [values = std::move(values)]() -> result<std::vector<std::byte>> {
        const auto bytes = std::as_bytes(std::span(values));
        return std::vector<std::byte>(bytes.begin(), bytes.end());
      }};
}

std::string config_of(const adapter_plan& plan, const std::set<std::string>& targets,
                      const std::string& base) {
  const nlohmann::ordered_json config{
      {"peft_type", "LORA"},    {"task_type", "CAUSAL_LM"}, {"base_model_name_or_path", base},
      {"r", plan.rank},         {"lora_alpha", plan.alpha}, {"use_rslora", plan.rank_stabilised},
      {"lora_dropout", 0.0},    {"bias", "none"},           {"fan_in_fan_out", false},
      {"inference_mode", true}, {"target_modules", targets}};
  return config.dump(2) + "\n";
}

} // namespace

float adapter_plan::scale() const {
  return static_cast<float>(alpha / (rank_stabilised ? std::sqrt(static_cast<double>(rank)) : rank));
}

result<adapter> fresh_adapter(const std::string& name, const model_shape& shape, const adapter_plan& plan,
                              std::uint64_t seed) {
  if (const auto sound = check_plan(plan, shape); !sound)
    return fail(sound);
  auto made = empty_adapter(name, shape);
  std::mt19937_64 draw(seed);
  for (const auto& [module, into] : slots_of(made, shape)) {
    if (module == "model.embed_tokens" || !is_target(module, plan))
      continue;
    *into.into = {plan.rank, into.rows, into.columns, plan.scale(), {}, {}};
    // PEFT's spread. The numbers are made from bits of our own, since a library's distribution may change.
    const double bound = 1 / std::sqrt(static_cast<double>(into.columns));
    into.into->down.resize(std::size_t{plan.rank} * into.columns);
    for (auto& value : into.into->down)
      value = static_cast<float>((static_cast<double>(draw() >> 11) * 0x1p-52 - 1) * bound);
    into.into->up.resize(std::size_t{into.rows} * plan.rank);
  }
  return made;
}

result<done> write_peft_adapter(const std::string& folder, const adapter& from, const model_shape& shape,
                                const adapter_plan& plan, const std::string& base) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return fail(fault::unavailable, "cannot make the folder " + folder + ": " + failed.message());
  adapter copy = from;
  std::vector<tensor_source> tensors;
  std::set<std::string> targets;
  for (const auto& [module, into] : slots_of(copy, shape)) {
    const auto& pair = *into.into;
    if (pair.empty())
      continue;
    targets.insert(last_part(module));
    const auto name = "base_model.model." + module;
    tensors.push_back(as_tensor(name + ".lora_A.weight", pair.rank, pair.columns, pair.down));
    tensors.push_back(as_tensor(name + ".lora_B.weight", pair.rows, pair.rank, pair.up));
  }
  const auto place = std::filesystem::path(folder);
  if (const auto written =
          write_safetensors((place / "adapter_model.safetensors").string(), tensors, {{"format", "pt"}});
      !written)
    return written;
  new_file config((place / "adapter_config.json").string());
  config.write(config_of(plan, targets, base));
  return config.commit();
}

} // namespace troupe::kernels
