#include "kernels/model/shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace troupe::kernels {

namespace {

// Several times the largest published models: a width of 53,248, 126 layers, 256 experts, a vocabulary of
// 262,144.
constexpr std::uint32_t layers_max = 1'024;
constexpr std::uint32_t width_max = 1u << 18;
constexpr std::uint32_t heads_max = 4'096;
constexpr std::uint32_t vocabulary_max = 1u << 22;
constexpr std::uint32_t context_max = 1u << 24;
constexpr std::uint32_t experts_max = 1'024;

struct bound {
  std::string_view what;
  std::uint32_t value;
  std::uint32_t most;
};

result<done> check_bounds(const std::string& name, const model_shape& shape) {
  const std::array<bound, 8> bounds{{{"layers", shape.layers, layers_max},
                                     {"width", shape.width, width_max},
                                     {"heads", shape.heads, heads_max},
                                     {"key heads", shape.kv_heads, heads_max},
                                     {"numbers in a head", shape.head_size, width_max},
                                     {"feed-forward width", shape.ffn_width, 4 * width_max},
                                     {"vocabulary", shape.vocabulary, vocabulary_max},
                                     {"context", shape.context, context_max}}};
  for (const auto& [what, value, most] : bounds)
    if (value == 0 || value > most)
      return fail(fault::refused, name + ": " + std::to_string(value) + " is no number of " +
                                      std::string(what) + " that a model has (1 to " + std::to_string(most) +
                                      ")");
  return done{};
}

result<done> check_rope(const std::string& name, const model_shape& shape) {
  const auto& rope = shape.rope;
  if (rope.dimensions == 0 || rope.dimensions % 2 != 0 || rope.dimensions > shape.head_size)
    return fail(fault::refused, name + ": positions cannot turn " + std::to_string(rope.dimensions) +
                                    " of the " + std::to_string(shape.head_size) + " numbers of a head");
  const bool sane = rope.theta > 1 && rope.factor > 0 && rope.attention_factor > 0 &&
                    std::isfinite(rope.theta) && std::isfinite(rope.factor) &&
                    std::isfinite(rope.attention_factor);
  if (!sane)
    return fail(fault::refused, name + ": the settings of its positions (rope) are out of range");
  if (rope.kind == rope_kind::llama3 &&
      (rope.original_context <= 0 || rope.high_frequency_factor <= rope.low_frequency_factor ||
       rope.low_frequency_factor <= 0))
    return fail(fault::refused,
                name + ": llama3 positions need an original context and ascending frequency factors");
  if (rope.kind == rope_kind::yarn &&
      (rope.original_context <= 0 || rope.beta_fast <= 0 || rope.beta_slow <= 0))
    return fail(fault::refused, name + ": yarn positions need an original context and positive betas");
  if (!rope.divisors.empty() && rope.divisors.size() != rope.dimensions / 2)
    return fail(fault::corrupt, name + ": it lists " + std::to_string(rope.divisors.size()) +
                                    " frequency divisors for " + std::to_string(rope.dimensions / 2) +
                                    " frequencies");
  return done{};
}

} // namespace

std::string_view name_of(family of) noexcept {
  constexpr std::string_view names[] = {"llama", "mistral", "mixtral", "phi2", "qwen2", "qwen3"};
  return names[static_cast<std::size_t>(of)];
}

std::string_view name_of(rope_kind kind) noexcept {
  constexpr std::string_view names[] = {"default", "linear", "llama3", "yarn"};
  return names[static_cast<std::size_t>(kind)];
}

std::optional<rope_kind> rope_kind_of(std::string_view name) noexcept {
  for (const auto kind : {rope_kind::plain, rope_kind::linear, rope_kind::llama3, rope_kind::yarn})
    if (name_of(kind) == name)
      return kind;
  return std::nullopt;
}

result<done> check_shape(const std::string& name, const model_shape& shape) {
  if (auto bounds = check_bounds(name, shape); !bounds)
    return bounds;
  if (shape.heads % shape.kv_heads != 0)
    return fail(fault::refused, name + ": " + std::to_string(shape.heads) +
                                    " heads cannot share the keys of " + std::to_string(shape.kv_heads));
  if (shape.query_width() > width_max)
    return fail(fault::refused, name + ": its heads are wider together than any model's");
  if (shape.experts > experts_max || shape.experts_used > shape.experts ||
      (shape.experts > 0 && shape.experts_used == 0))
    return fail(fault::refused, name + ": it cannot use " + std::to_string(shape.experts_used) + " of " +
                                    std::to_string(shape.experts) + " experts");
  if (!(shape.norm_epsilon >= 0) || shape.norm_epsilon > 1)
    return fail(fault::refused, name + ": the epsilon of its norms is out of range");
  ensure(shape.windows.size() == shape.layers, "every layer has its window");
  return check_rope(name, shape);
}

} // namespace troupe::kernels
