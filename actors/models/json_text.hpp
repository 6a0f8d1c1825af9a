#pragma once

#include "config/schema/json_text.hpp"
#include "runtime/base/json_fwd.hpp"

namespace troupe::models {

using json = troupe::json;

using config::dump_json;
using config::nests_within;
using config::parse_json;
using config::shorten;

} // namespace troupe::models
