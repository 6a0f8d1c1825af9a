#pragma once

#include <filesystem>
#include <string>

namespace troupe::testing {

/// The golden model of 2 layers and 320 tokens, with random weights, and its adapter.
std::string tiny_model();
std::string tiny_adapter();

/// The same model for longer texts, in a folder of its own.
void write_roomy_model(const std::filesystem::path& folder);

} // namespace troupe::testing
