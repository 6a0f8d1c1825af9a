#pragma once

// Precompiled for every file of cli/: the option parser and JSON cost seconds each.
#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
