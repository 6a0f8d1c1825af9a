#include "kernels/chat/open.hpp"

#include "kernels/chat/chat_template.hpp"
#include "kernels/files/gguf.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace troupe::kernels::chat {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t config_bytes_max = 16 * 1024 * 1024;

tl::unexpected<error> says_nothing(const std::string& path) {
  return fail(fault::not_found, path + " has no chat template", "give one with --template FILE");
}

bool is_there(const fs::path& path) {
  std::error_code ignored; // a file that cannot be looked at is not there
  return fs::is_regular_file(path, ignored);
}

std::string token_text(const gguf_file& file, std::string_view key) {
  const auto id = file.count(key);
  const auto texts = id ? file.texts("tokenizer.ggml.tokens") : result<std::vector<std::string_view>>();
  return id && texts && *id < texts->size() ? std::string((*texts)[*id]) : std::string();
}

result<model_template> of_gguf(const std::string& path) {
  const auto file = gguf_file::open(path);
  if (!file)
    return fail(file);
  const auto source = file->text("tokenizer.chat_template");
  if (!source)
    return file->has("tokenizer.chat_template") ? fail_in(path, source) : says_nothing(path);
  return model_template{std::string(*source), token_text(*file, "tokenizer.ggml.bos_token_id"),
                        token_text(*file, "tokenizer.ggml.eos_token_id")};
}

/// "<s>", or {"content": "<s>"}.
std::string token_in(const json& config, const char* key) {
  const auto found = config.find(key);
  if (found == config.end())
    return {};
  if (found->is_string())
    return found->get<std::string>();
  return found->is_object() && found->contains("content") && (*found)["content"].is_string()
             ? (*found)["content"].get<std::string>()
             : std::string();
}

/// One text, or a list of {name, template}.
std::string source_in(const json& config) {
  const auto found = config.find("chat_template");
  if (found == config.end())
    return {};
  if (found->is_string())
    return found->get<std::string>();
  for (const auto& one : *found)
    if (one.is_object() && one.value("name", json()) == "default" &&
        one.value("template", json()).is_string())
      return one["template"].get<std::string>();
  return {};
}

result<json> read_config(const fs::path& path) {
  if (!is_there(path))
    return json::object();
  const auto text = read_text_file(path.string(), config_bytes_max);
  if (!text)
    return fail(text);
  auto config = json::parse(*text, nullptr, false);
  if (!config.is_object())
    return fail(fault::corrupt, path.string() + " is no JSON object");
  return config;
}

result<model_template> of_folder(const fs::path& path) {
  const auto config = read_config(path / "tokenizer_config.json");
  if (!config)
    return fail(config);
  model_template found{source_in(*config), token_in(*config, "bos_token"), token_in(*config, "eos_token")};
  if (is_there(path / "chat_template.jinja")) {
    auto source = read_text_file((path / "chat_template.jinja").string(), template_bytes_max);
    if (!source)
      return fail(source);
    found.source = std::move(*source);
  }
  if (found.source.empty())
    return says_nothing(path.string());
  return found;
}

} // namespace

result<model_template> open_model_template(const std::string& path) {
  std::error_code ignored; // then it is no folder, and opening it says why
  return fs::is_directory(path, ignored) ? of_folder(path) : of_gguf(path);
}

} // namespace troupe::kernels::chat
