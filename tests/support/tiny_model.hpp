#pragma once

#include <filesystem>
#include <string>

namespace troupe::testing {

/// The golden model of 2 layers and 320 tokens, with random weights, and its adapter.
std::string tiny_model();
std::string tiny_adapter();

/// The same model for longer texts, in a folder of its own.
void write_roomy_model(const std::filesystem::path& folder);
/// One whose template has tools, and whose last token opens a call, as Hermes' do.
void write_calling_model(const std::filesystem::path& folder);
inline constexpr int call_token = 319;
/// The golden adapter, but stronger or weaker: its own alpha is 16.
void write_adapter(const std::filesystem::path& folder, int alpha);

} // namespace troupe::testing
