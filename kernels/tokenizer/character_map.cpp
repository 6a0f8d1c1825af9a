#include "kernels/tokenizer/character_map.hpp"

namespace troupe::kernels {

namespace {

// One unit: a label in the low byte (or, with the top bit, a value in the rest), a flag that a value hangs
// below, and the distance to the units below.
std::uint32_t label_of(std::uint32_t unit) noexcept { return unit & 0x800000ffu; }
bool has_value(std::uint32_t unit) noexcept { return (unit >> 8 & 1u) != 0; }
std::uint32_t value_of(std::uint32_t unit) noexcept { return unit & 0x7fffffffu; }
std::uint32_t offset_of(std::uint32_t unit) noexcept { return unit >> 10 << ((unit & 0x200u) >> 6); }

std::uint32_t number_at(std::string_view bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

} // namespace

result<character_map> character_map::read(std::string_view blob) {
  character_map map;
  if (blob.empty())
    return map;
  if (blob.size() < 4)
    return fail(fault::corrupt, "the character map ends early");
  const std::size_t size = number_at(blob, 0);
  if (size % 4 != 0 || size > blob.size() - 4)
    return fail(fault::corrupt, "the character map is shorter than it says");
  for (std::size_t at = 4; at < 4 + size; at += 4)
    map.units_.push_back(number_at(blob, at));
  map.replacements_ = std::string(blob.substr(4 + size));
  return map;
}

std::optional<character_map::match> character_map::longest(std::string_view text) const {
  std::optional<match> best;
  if (units_.empty())
    return best;
  std::size_t node = offset_of(units_[0]);
  for (std::size_t i = 0; i < text.size(); ++i) {
    node ^= static_cast<unsigned char>(text[i]);
    if (node >= units_.size() || label_of(units_[node]) != static_cast<unsigned char>(text[i]))
      break;
    const auto unit = units_[node];
    node ^= offset_of(unit);
    if (!has_value(unit))
      continue;
    const auto value = node < units_.size() ? value_of(units_[node]) : ~std::uint32_t{0};
    if (value >= replacements_.size())
      break;
    const auto rest = std::string_view(replacements_).substr(value);
    best = match{i + 1, rest.substr(0, rest.find('\0'))};
  }
  return best;
}

} // namespace troupe::kernels
