#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace troupe::models {

class native_service;

/// All models that a node runs itself, by name.
using native_services = std::map<std::string, std::shared_ptr<native_service>, std::less<>>;

} // namespace troupe::models
