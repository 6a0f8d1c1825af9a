#include "kernels/model/hf_rope.hpp"

#include <cmath>
#include <utility>

namespace troupe::kernels {

namespace {

struct wanted_number {
  const char* key;
  double* into;
};

/// Keys that are absent leave what is there.
result<done> read_numbers(const json_object& from, std::initializer_list<wanted_number> wanted) {
  for (const auto& [key, into] : wanted) {
    const auto number = from.number_or(key, *into);
    if (!number)
      return fail(number);
    *into = *number;
  }
  return done{};
}

double yarn_scale(double factor, double weight) {
  return factor <= 1 ? 1.0 : 0.1 * weight * std::log(factor) + 1.0;
}

result<double> read_attention_factor(const json_object& section, double factor) {
  if (section.has("attention_factor"))
    return section.number("attention_factor");
  const auto weight = section.number_or("mscale", 0);
  const auto weight_of_all = section.number_or("mscale_all_dim", 0);
  if (!weight || !weight_of_all)
    return fail(!weight ? weight : weight_of_all);
  if (*weight != 0 && *weight_of_all != 0)
    return yarn_scale(factor, *weight) / yarn_scale(factor, *weight_of_all);
  return yarn_attention_factor(factor);
}

result<done> read_scaling(const json_object& section, rope_settings& rope, double context) {
  rope.original_context = context;
  if (auto read = read_numbers(section, {{"original_max_position_embeddings", &rope.original_context}});
      !read)
    return read;
  if (!section.has("factor") && rope.kind != rope_kind::yarn)
    return fail(section.number("factor"));
  rope.factor = rope.original_context > 0 ? context / rope.original_context : 1;
  if (auto read = read_numbers(section, {{"factor", &rope.factor},
                                         {"low_freq_factor", &rope.low_frequency_factor},
                                         {"high_freq_factor", &rope.high_frequency_factor},
                                         {"beta_fast", &rope.beta_fast},
                                         {"beta_slow", &rope.beta_slow}});
      !read)
    return read;
  if (rope.kind != rope_kind::yarn)
    return done{};
  const auto truncate = section.flag_or("truncate", true);
  if (!truncate)
    return fail(truncate);
  rope.truncate = *truncate;
  const auto factor = read_attention_factor(section, rope.factor);
  if (!factor)
    return fail(factor);
  rope.attention_factor = *factor;
  return done{};
}

result<rope_kind> read_kind(const json_object& section) {
  if (section.holds_object("full_attention") || section.holds_object("sliding_attention"))
    return fail(fault::refused, section.name() + ": positions that differ between layers are not supported");
  const auto older = section.text_or("type", "default");
  const auto name = older ? section.text_or("rope_type", *older) : older;
  if (!name)
    return fail(name);
  if (const auto kind = rope_kind_of(*name))
    return *kind;
  return fail(fault::refused, section.name() + ": positions of kind \"" + *name + "\" are not supported",
              "default, linear, llama3 and yarn are");
}

/// Theta and the share of a head that turns stand in the section (newer) or at the top (older).
result<done> read_plain(const json_object& from, rope_settings& rope, double& share) {
  return read_numbers(from, {{"rope_theta", &rope.theta}, {"partial_rotary_factor", &share}});
}

result<json_object> section_of(const json_object& config) {
  for (const auto* key : {"rope_parameters", "rope_scaling"})
    if (config.has(key))
      return config.object(key);
  return json_object::parse(config.name(), "{}");
}

} // namespace

double yarn_attention_factor(double factor) { return yarn_scale(factor, 1); }

result<rope_settings> read_hf_rope(const json_object& config, const model_shape& shape) {
  const auto section = section_of(config);
  if (!section)
    return fail(section);
  const auto kind = read_kind(*section);
  if (!kind)
    return fail(kind);
  rope_settings rope;
  rope.kind = *kind;
  rope.theta = shape.of == family::mixtral ? 1e6 : 1e4;
  double share = shape.is_phi() ? 0.5 : 1.0;
  for (const auto* from : {&config, &*section})
    if (const auto read = read_plain(*from, rope, share); !read)
      return fail(read);
  if (!(share > 0 && share <= 1) || (share < 1 && !shape.is_phi()))
    return fail(fault::refused, config.name() + ": a partial_rotary_factor of " + std::to_string(share) +
                                    " is not supported for this family");
  rope.dimensions = static_cast<std::uint32_t>(share * shape.head_size);
  if (rope.kind != rope_kind::plain)
    if (const auto read = read_scaling(*section, rope, shape.context); !read)
      return fail(read);
  return rope;
}

} // namespace troupe::kernels
