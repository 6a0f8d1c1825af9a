#include "config/expression/value_json.hpp"

#include "config/expression/base64.hpp"
#include "config/limits.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace troupe::expression {
namespace {

using nlohmann::json;

tl::unexpected<error> too_deep() {
  return fail(fault::refused,
              "the value is nested deeper than " + std::to_string(limits::document_depth_max) + " levels");
}

result<value> read(const json& from, std::size_t levels_left);

result<value> read_list(const json& from, std::size_t levels_left) {
  std::vector<value> items;
  items.reserve(from.size());
  for (const json& item : from) {
    auto made = read(item, levels_left);
    if (!made)
      return made;
    items.push_back(*std::move(made));
  }
  return value::list(std::move(items));
}

result<value> read_map(const json& from, std::size_t levels_left) {
  std::vector<std::pair<std::string, value>> fields;
  fields.reserve(from.size());
  for (const auto& [name, item] : from.items()) {
    auto made = read(item, levels_left);
    if (!made)
      return made;
    fields.emplace_back(name, *std::move(made));
  }
  return value::object(std::move(fields));
}

result<value> read(const json& from, std::size_t levels_left) {
  if (levels_left == 0)
    return too_deep();
  switch (from.type()) {
  case json::value_t::null:
    return value();
  case json::value_t::boolean:
    return value::of(from.get<bool>());
  case json::value_t::number_integer:
    return value::of(from.get<std::int64_t>());
  case json::value_t::number_unsigned:
    if (const auto number = from.get<std::uint64_t>(); number > INT64_MAX)
      return value::of(number);
    return value::of(from.get<std::int64_t>());
  case json::value_t::number_float:
    return value::of(from.get<double>());
  case json::value_t::string:
    return value::text(from.get_ref<const std::string&>());
  case json::value_t::array:
    return read_list(from, levels_left - 1);
  case json::value_t::object:
    return read_map(from, levels_left - 1);
  case json::value_t::binary:
  case json::value_t::discarded:
    break;
  }
  return fail(fault::invalid, "the value is no JSON");
}

result<json> write(const value& from, std::size_t levels_left);

json write_double(double number) {
  if (std::isnan(number))
    return "nan";
  if (std::isinf(number))
    return number > 0 ? "inf" : "-inf";
  return number;
}

std::string key_text(const value& key) {
  switch (key.kind()) {
  case value_kind::boolean:
    return key.as_bool() ? "true" : "false";
  case value_kind::integer:
    return std::to_string(key.as_int());
  case value_kind::unsigned_integer:
    return std::to_string(key.as_uint());
  default:
    return key.as_text();
  }
}

result<json> write_list(const value& from, std::size_t levels_left) {
  auto list = json::array();
  for (const value& item : from.items()) {
    auto made = write(item, levels_left);
    if (!made)
      return made;
    list.push_back(*std::move(made));
  }
  return list;
}

result<json> write_map(const value& from, std::size_t levels_left) {
  auto map = json::object();
  for (const map_entry& entry : from.entries()) {
    auto made = write(entry.item, levels_left);
    if (!made)
      return made;
    std::string key = key_text(entry.key);
    if (map.contains(key))
      return fail(fault::invalid, "two keys of a map are both \"" + key + "\" in JSON");
    map[std::move(key)] = *std::move(made);
  }
  return map;
}

result<json> write(const value& from, std::size_t levels_left) {
  if (levels_left == 0)
    return too_deep();
  switch (from.kind()) {
  case value_kind::null:
    return nullptr;
  case value_kind::boolean:
    return from.as_bool();
  case value_kind::integer:
    return from.as_int();
  case value_kind::unsigned_integer:
    return from.as_uint();
  case value_kind::real:
    return write_double(from.as_double());
  case value_kind::text:
    return from.as_text();
  case value_kind::bytes:
    return to_base64(from.as_bytes());
  case value_kind::timestamp:
    return format(from.as_timestamp());
  case value_kind::duration:
    return format(from.as_duration());
  case value_kind::type:
    return from.as_type();
  case value_kind::list:
    return write_list(from, levels_left - 1);
  case value_kind::map:
    return write_map(from, levels_left - 1);
  }
  return nullptr;
}

} // namespace

result<value> from_json(const json& from) { return read(from, limits::document_depth_max); }

result<json> to_json(const value& from) { return write(from, limits::document_depth_max); }

} // namespace troupe::expression
