#include "kernels/adapters/peft_config.hpp"

#include "kernels/adapters/module_pattern.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace troupe::kernels {

namespace {

constexpr std::uint64_t rank_max = 4'096; // the width of a whole 7B model; an adapter of that rank is a model

bool ends_with_name(std::string_view whole, std::string_view ending) {
  return whole == ending || (whole.size() > ending.size() && whole.ends_with(ending) &&
                             whole[whole.size() - ending.size() - 1] == '.');
}

/// What changes the numbers in ways that we do not compute. Settings of training and of initialisation are no
/// business of ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> refused_settings{
    {{"use_dora", "weight-decomposed adapters (DoRA)"},
     {"modules_to_save", "whole modules beside the adapter"},
     {"lora_bias", "biases of the adapter's own"},
     {"layer_replication", "replicated layers"},
     {"trainable_token_indices", "retrained tokens"},
     {"alora_invocation_tokens", "activation by tokens (aLoRA)"},
     {"use_qalora", "quantisation-aware adapters (QALoRA)"},
     {"use_bdlora", "block-diagonal adapters"},
     {"megatron_config", "Megatron's layers"},
     {"arrow_config", "routing between adapters (Arrow)"},
     {"velora_config", "VeLoRA"}}};

result<done> refuse_settings(const json_object& config) {
  const auto type = config.text("peft_type");
  if (!type)
    return fail(type);
  if (*type != "LORA")
    return fail(fault::refused, config.name() + ": adapters of type " + *type + " are not supported",
                "LORA is");
  const auto bias = config.text_or("bias", "none");
  if (!bias)
    return fail(bias);
  if (*bias != "none")
    return fail(fault::refused, config.name() + ": \"bias\": \"" + *bias + "\" is not supported",
                "train with bias=\"none\"");
  for (const auto& [key, what] : refused_settings)
    if (config.says_something(key))
      return fail(fault::refused, config.name() + ": " + std::string(what) + " (\"" + std::string(key) +
                                      "\") are not supported");
  return done{};
}

result<std::vector<std::string>> texts_or_none(const json_object& config, std::string_view key) {
  if (!config.has(key))
    return std::vector<std::string>{};
  return config.texts(key);
}

} // namespace

result<module_choice> module_choice::read(const json_object& config, std::string_view key) {
  module_choice choice;
  choice.given_ = config.says_something(key);
  if (!choice.given_)
    return choice;
  if (config.holds_text(key)) {
    const auto text = config.text(key);
    choice.all_linear_ = *text == "all-linear";
    if (choice.all_linear_)
      return choice;
    auto pattern = module_pattern::compile(*text);
    if (!pattern)
      return fail_in(config.name(), pattern);
    choice.pattern_ = std::move(*pattern);
    return choice;
  }
  auto endings = config.texts(key);
  if (!endings)
    return fail(endings);
  choice.endings_ = std::move(*endings);
  return choice;
}

bool module_choice::matches(std::string_view module) const {
  if (all_linear_)
    return module != "lm_head" && !module.ends_with("embed_tokens");
  if (pattern_)
    return pattern_->matches(module);
  return std::ranges::any_of(endings_,
                             [module](const auto& ending) { return ends_with_name(module, ending); });
}

result<std::vector<peft_config::override_of>> peft_config::read_overrides(const json_object& config,
                                                                          std::string_view key) {
  std::vector<override_of> all;
  if (!config.has(key))
    return all;
  const auto given = config.object(key);
  if (!given)
    return fail(given);
  for (const auto& name : given->keys()) {
    const auto value = given->number(name);
    if (!value)
      return fail(value);
    auto pattern = module_pattern::compile("(?:.*\\.)?(?:" + name + ")");
    if (!pattern)
      return fail_in(given->name(), pattern);
    all.push_back({std::move(*pattern), *value});
  }
  return all;
}

result<peft_config> peft_config::read(const json_object& config) {
  if (const auto plain = refuse_settings(config); !plain)
    return fail(plain);
  peft_config read;
  const auto rank = config.count("r");
  const auto alpha = config.number_or("lora_alpha", 8);
  const auto stabilised = config.flag_or("use_rslora", false);
  auto modules = module_choice::read(config, "target_modules");
  auto excluded = module_choice::read(config, "exclude_modules");
  auto parameters = texts_or_none(config, "target_parameters");
  auto ranks = read_overrides(config, "rank_pattern");
  auto alphas = read_overrides(config, "alpha_pattern");
  auto layers = config.holds_list("layers_to_transform")
                    ? config.counts("layers_to_transform")
                    : result<std::vector<std::uint64_t>>(std::vector<std::uint64_t>{});
  if (config.has("layers_to_transform") && !config.holds_list("layers_to_transform"))
    layers =
        config.count("layers_to_transform").map([](auto layer) { return std::vector<std::uint64_t>{layer}; });
  std::optional<error> failed;
  const auto note = [&failed](const auto& part) {
    if (!part && !failed)
      failed = part.error();
  };
  note(rank), note(alpha), note(stabilised), note(modules), note(excluded), note(parameters), note(ranks),
      note(alphas), note(layers);
  if (failed)
    return tl::unexpected(*failed);
  if (*rank == 0 || *rank > rank_max)
    return fail(fault::refused,
                config.name() + ": a rank (\"r\") of " + std::to_string(*rank) + " is none of an adapter");
  read.rank_ = static_cast<std::uint32_t>(*rank);
  read.alpha_ = *alpha;
  read.rank_stabilised_ = *stabilised;
  read.modules_ = std::move(*modules);
  read.excluded_ = std::move(*excluded);
  read.parameters_ = std::move(*parameters);
  read.ranks_ = std::move(*ranks);
  read.alphas_ = std::move(*alphas);
  read.layers_ = std::move(*layers);
  return read;
}

/// The number behind the first "layers." decides, as in PEFT without a pattern of its own.
bool peft_config::is_chosen_layer(std::string_view module) const {
  if (layers_.empty())
    return true;
  const auto at = module.find("layers.");
  if (at == std::string_view::npos)
    return false;
  std::uint64_t layer = 0;
  const auto* begin = module.data() + at + 7;
  if (std::from_chars(begin, module.data() + module.size(), layer).ec != std::errc())
    return false;
  return std::ranges::find(layers_, layer) != layers_.end();
}

bool peft_config::targets_module(std::string_view module) const {
  if (!modules_.given() || (excluded_.given() && excluded_.matches(module)))
    return false;
  return modules_.matches(module) && is_chosen_layer(module);
}

bool peft_config::targets_parameter(std::string_view parameter) const {
  return std::ranges::any_of(parameters_,
                             [parameter](const auto& ending) { return ends_with_name(parameter, ending); });
}

result<std::uint32_t> peft_config::rank_of(std::string_view target) const {
  for (const auto& [names, value] : ranks_) {
    if (!names->matches(target))
      continue;
    if (!(value >= 1 && value <= static_cast<double>(rank_max)) || value != std::floor(value))
      return fail(fault::refused,
                  "rank_pattern gives " + std::string(target) + " a rank that is none of an adapter");
    return static_cast<std::uint32_t>(value);
  }
  return rank_;
}

float peft_config::scale_of(std::string_view target, std::uint32_t rank) const {
  const auto found =
      std::ranges::find_if(alphas_, [target](const override_of& one) { return one.names->matches(target); });
  const double alpha = found == alphas_.end() ? alpha_ : found->value;
  return static_cast<float>(alpha / (rank_stabilised_ ? std::sqrt(rank) : static_cast<double>(rank)));
}

} // namespace troupe::kernels
