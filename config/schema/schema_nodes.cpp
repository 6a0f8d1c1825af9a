#include "config/schema/schema_nodes.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

namespace troupe::config {
namespace {

constexpr std::uint8_t bit(value_type t) { return static_cast<std::uint8_t>(t); }

bool is_whole(double number) noexcept { return std::isfinite(number) && std::floor(number) == number; }

} // namespace

schema_node::schema_node() = default;
schema_node::~schema_node() = default;
schema_node::schema_node(schema_node&&) noexcept = default;
schema_node& schema_node::operator=(schema_node&&) noexcept = default;

std::uint8_t type_bits(const json& value) noexcept {
  switch (value.type()) {
  case json::value_t::null:
    return bit(value_type::null);
  case json::value_t::boolean:
    return bit(value_type::boolean);
  case json::value_t::number_integer:
  case json::value_t::number_unsigned:
    return bit(value_type::integer) | bit(value_type::number);
  case json::value_t::number_float:
    return is_whole(*value.get_ptr<const double*>())
               ? static_cast<std::uint8_t>(bit(value_type::integer) | bit(value_type::number))
               : bit(value_type::number);
  case json::value_t::string:
    return bit(value_type::string);
  case json::value_t::array:
    return bit(value_type::array);
  case json::value_t::object:
    return bit(value_type::object);
  default:
    return 0;
  }
}

std::string type_words(std::uint8_t types) {
  static constexpr std::array<std::pair<value_type, std::string_view>, 7> names{
      {{value_type::string, "a text"},
       {value_type::integer, "an integer"},
       {value_type::number, "a number"},
       {value_type::boolean, "true or false"},
       {value_type::array, "a list"},
       {value_type::object, "an object"},
       {value_type::null, "null"}}};
  std::string out;
  for (const auto& [type, name] : names) {
    if ((types & bit(type)) == 0)
      continue;
    if (!out.empty())
      out += " or ";
    out += name;
  }
  return out;
}

} // namespace troupe::config
