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

void write_calling_model(const std::filesystem::path& folder) {
  write_roomy_model(folder);
  put(folder / "tokenizer_config.json", "chat_template",
      "{{ tools | tojson }}{% if tools %}<tool_call>{% endif %}"
      "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}");
  auto words = read(folder / "tokenizer.json");
  auto& model = words["model"];
  model["merges"].erase(model["merges"].size() - 1); // the one that makes it
  for (auto word = model["vocab"].begin(); word != model["vocab"].end(); ++word)
    if (word.value() == call_token) {
      model["vocab"].erase(word);
      break;
    }
  auto call = words["added_tokens"].front();
  call.update({{"id", call_token}, {"content", "<tool_call>"}, {"special", false}});
  words["added_tokens"].push_back(std::move(call));
  std::ofstream(folder / "tokenizer.json") << words;
}

void write_adapter(const std::filesystem::path& folder, int alpha) {
  std::filesystem::copy(tiny_adapter(), folder);
  put(folder / "adapter_config.json", "lora_alpha", alpha);
}

} // namespace troupe::testing
