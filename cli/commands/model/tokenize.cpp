#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/text_lines.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/tokenizer/read.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct token_options {
  std::string model;
  bool lines = false;
  bool special = false;
  bool no_special = false;
  bool bos = false;
};

void declare(CLI::App& command, token_options& options) {
  command
      .add_option("MODEL", options.model,
                  "a GGUF, a Hugging Face folder, a tokenizer.json or tokenizer.model")
      ->required();
  command.add_flag("--jsonl", options.lines, "a line for each line of standard input");
  auto* special = command.add_flag("--special", options.special, "special tokens in text count");
  command.add_flag("--no-special", options.no_special, "special tokens are text like any other")
      ->excludes(special);
}

bool counts_special(const token_options& options, const kernels::tokenizer& words) {
  return options.special || (!options.no_special && words.special_in_text());
}

result<json> member(const std::string& document, const char* key) {
  auto row = json::parse(document, nullptr, false);
  if (!row.is_object() || !row.contains(key))
    return fail(fault::invalid, std::string("standard input is no JSON object with \"") + key + "\"",
                "with --jsonl, one a line");
  return row[key];
}

command_result tokenize(const invocation& run, const token_options& options) {
  const auto words = kernels::open_tokenizer(run.path(options.model));
  if (!words)
    return failed(words);
  const kernels::encoding_options how{counts_special(options, *words), options.bos};
  return answer_lines(run, options.lines, [&](const std::string& row) -> result<json> {
    const auto text = member(row, "text");
    if (!text)
      return text;
    if (!text->is_string())
      return fail(fault::invalid, "\"text\" is no text");
    const auto ids = words->encode(text->get_ref<const std::string&>(), how);
    if (!ids)
      return failed(ids);
    return json{{"ids", *ids}};
  });
}

command_result detokenize(const invocation& run, const token_options& options) {
  const auto words = kernels::open_tokenizer(run.path(options.model));
  if (!words)
    return failed(words);
  const bool special = counts_special(options, *words);
  return answer_lines(run, options.lines, [&](const std::string& row) -> result<json> {
    const auto ids = member(row, "ids");
    if (!ids)
      return ids;
    std::vector<kernels::token_id> tokens;
    for (const auto& id : *ids) {
      if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= words->words().size())
        return fail(fault::invalid, id.dump() + " is no token of this vocabulary");
      tokens.push_back(id.get<kernels::token_id>());
    }
    return json{{"text", words->decode(tokens, special)}};
  });
}

} // namespace

void add_model_tokenize(CLI::App& group, invocation& run) {
  add_command<token_options>(
      group, run, "tokenize", "Text to token ids: {\"text\"} in, {\"ids\"} out",
      [](CLI::App& command, token_options& options) {
        declare(command, options);
        command.add_flag("--bos", options.bos, "BOS in front");
      },
      tokenize);
}

void add_model_detokenize(CLI::App& group, invocation& run) {
  add_command<token_options>(group, run, "detokenize", "Token ids to text: {\"ids\"} in, {\"text\"} out",
                             declare, detokenize);
}

} // namespace troupe::cli
