#pragma once

#include "config/expression/value.hpp"

namespace troupe::expression {

// What a value shares with its copies. Lists and maps know their weight, so that limits cost nothing to
// check.

struct value::text_box {
  std::string text;
};
struct value::bytes_box {
  std::string raw;
};
struct value::type_box {
  std::string name;
};
struct value::list_box {
  std::vector<value> items;
  std::size_t weight;
};
struct value::map_box {
  std::vector<map_entry> entries;
  std::size_t weight;
};

} // namespace troupe::expression
