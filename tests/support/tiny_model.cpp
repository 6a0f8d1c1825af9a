#include "tests/support/tiny_model.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace troupe::testing {

namespace {

constexpr auto roomy_context = 8'192;

nlohmann::json read(const std::filesystem::path& file) {
  std::ifstream in(file);
  return nlohmann::json::parse(in);
}

void put(const std::filesystem::path& file, const char* key, const nlohmann::json& value) {
  auto changed = read(file);
  changed[key] = value;
  std::ofstream(file) << changed;
}

std::string golden() { return std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/llama-gqa"; }

} // namespace

std::string tiny_model() { return golden() + "/model"; }
std::string tiny_adapter() { return golden() + "/adapter"; }

void write_roomy_model(const std::filesystem::path& folder) {
  std::filesystem::copy(tiny_model(), folder, std::filesystem::copy_options::recursive);
  put(folder / "config.json", "max_position_embeddings", roomy_context);
}

} // namespace troupe::testing
