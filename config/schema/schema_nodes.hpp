#pragma once

#include "config/schema/json_text.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace re2 {
class RE2;
}

namespace troupe::config {

using node_index = std::uint32_t;
inline constexpr node_index no_node = std::numeric_limits<node_index>::max();

enum class value_type : std::uint8_t {
  null = 1,
  boolean = 2,
  integer = 4,
  number = 8,
  string = 16,
  array = 32,
  object = 64
};

enum class text_format { none, date, time, date_time, email, uuid, uri };

/// The least and most of something counted.
struct count_range {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

struct pattern {
  std::string text;
  std::shared_ptr<const re2::RE2> machine; // shared: nodes are moved while they are gathered
};

/// One subschema. Children are indices, so that a schema may refer to itself.
struct schema_node {
  schema_node();
  ~schema_node();
  schema_node(schema_node&&) noexcept;
  schema_node& operator=(schema_node&&) noexcept;

  bool nothing = false;   // the schema `false`
  std::uint8_t types = 0; // value_type bits; 0 allows all
  bool unique = false;
  text_format format = text_format::none;

  std::unique_ptr<json> allowed; // enum, or const as its only element
  std::unique_ptr<json> least, most, above, below, multiple;
  count_range length, items_count, properties_count;
  count_range contains_count{1, std::numeric_limits<std::uint64_t>::max()};
  std::optional<pattern> match;

  node_index ref = no_node;
  std::vector<node_index> all, any, one;
  node_index negated = no_node, condition = no_node, then_node = no_node, else_node = no_node;

  std::vector<node_index> leading_items; // by position; `items` takes the rest
  node_index items = no_node, contains = no_node;

  std::map<std::string, node_index, std::less<>> properties;
  std::vector<std::pair<pattern, node_index>> pattern_properties;
  node_index other_properties = no_node, property_names = no_node;
  std::vector<std::string> required;
  std::map<std::string, std::vector<std::string>> dependent_required;
  std::map<std::string, node_index> dependent_schemas;
};

struct compiled_schema {
  std::string text;
  std::vector<schema_node> nodes;
  node_index root = 0;
};

/// The bit of a value's type; integers, 80.0 among them, have `integer` and `number`.
std::uint8_t type_bits(const json& value) noexcept;

/// "an integer", "a text": how a type is called in a sentence.
std::string type_words(std::uint8_t types);

/// A format's name in a schema; unknown ones are annotations, as draft 7 allows.
text_format format_named(std::string_view name) noexcept;
std::string_view format_words(text_format format) noexcept;
bool has_format(std::string_view text, text_format format) noexcept;

} // namespace troupe::config
