#pragma once

#include <nlohmann/json_fwd.hpp>

namespace troupe {
/// Values in handlers. Headers of ours see only this forward declaration; a .cpp that builds or reads JSON
/// includes <nlohmann/json.hpp>.
using json = nlohmann::json;
} // namespace troupe
