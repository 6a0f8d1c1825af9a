#include "kernels/tokenizer/read.hpp"

#include <filesystem>

namespace troupe::kernels {

namespace {

namespace fs = std::filesystem;

bool begins_with(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()), magic.size()) == magic;
}

bool is_there(const fs::path& path) {
  std::error_code ignored; // a file that cannot be looked at is not there
  return fs::is_regular_file(path, ignored);
}

/// Beside a model's tokenizer.json lies what says whether prompts begin with BOS.
result<std::string> config_beside(const fs::path& path) {
  const auto config = path.parent_path() / "tokenizer_config.json";
  if (path.filename() != "tokenizer.json" || !is_there(config))
    return std::string("{}");
  return read_text_file(config.string(), tokenizer_file_max);
}

result<tokenizer> open_json(const fs::path& path, std::string_view text) {
  const auto config = config_beside(path);
  if (!config)
    return fail(config);
  return read_tokenizer_json(text, *config);
}

result<tokenizer> open_gguf(std::shared_ptr<const mapped_file> file) {
  auto gguf = gguf_file::read(std::move(file));
  if (!gguf)
    return fail(gguf);
  return read_gguf_tokenizer(*gguf);
}

result<tokenizer> open_file(const fs::path& path) {
  auto file = mapped_file::open(path.string());
  if (!file)
    return fail(file);
  const auto bytes = (*file)->bytes();
  if (begins_with(bytes, "GGUF"))
    return open_gguf(std::move(*file));
  if (bytes.size() > tokenizer_file_max)
    return fail(fault::refused, "the file has " + std::to_string(bytes.size()) + " bytes; at most " +
                                    std::to_string(tokenizer_file_max) + " are read");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{')
    return open_json(path, text);
  return read_sentencepiece(bytes);
}

} // namespace

result<tokenizer> open_tokenizer(const std::string& path) {
  fs::path chosen = path;
  std::error_code ignored; // then it is no folder, and opening it says why
  if (fs::is_directory(chosen, ignored)) {
    const auto json = chosen / "tokenizer.json";
    const auto model = chosen / "tokenizer.model";
    if (!is_there(json) && !is_there(model))
      return fail(fault::not_found, path + " holds no tokenizer.json and no tokenizer.model");
    chosen = is_there(json) ? json : model;
  }
  auto opened = open_file(chosen);
  if (!opened && opened.error().message.find(chosen.string()) == std::string::npos)
    return fail_in(chosen.string(), opened);
  return opened;
}

} // namespace troupe::kernels
