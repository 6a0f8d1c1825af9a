#pragma once

#include "config/result.hpp"

#include <functional>
#include <string>

namespace troupe::models {

/// Gives the API key when a call is made, so that a rotated key needs no restart and none lies about in
/// settings. An empty key means the service wants none.
using key_source = std::function<result<std::string>()>;

key_source no_key();

/// Reads the variable at each call.
key_source key_from_environment(std::string variable);

/// Reads the file's first line at each call.
key_source key_from_file(std::string path);

/// The text with every occurrence of the key replaced: services like to quote the key they refuse.
std::string without_key(std::string text, const std::string& key);

} // namespace troupe::models
