#pragma once

#include "cli/client/http_transport.hpp"

#include <memory>

namespace troupe::cli {

/// Over libcurl; keeps its connection between calls. One thread at a time.
std::unique_ptr<http_transport> make_curl_transport(std::string url);

} // namespace troupe::cli
