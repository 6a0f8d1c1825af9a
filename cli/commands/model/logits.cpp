#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/loading.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/files/safetensors.hpp"

#include <CLI/CLI.hpp>

namespace troupe::cli {

namespace {

struct logits_options {
  std::string model;
  std::string adapter = "none";
  std::string ids;
  std::string out;
  std::string precision = "f32";
};

kernels::tensor_source as_tensor(const kernels::activations& logits) {
  return {"logits",
          kernels::dtype::f32,
          {logits.rows(), logits.columns()},
          [&logits]() -> kernels::result<std::vector<std::byte>> {
            const auto bytes = std::as_bytes(logits.values());
            return std::vector<std::byte>(bytes.begin(), bytes.end());
          }};
}

command_result logits(const invocation& run, const logits_options& options) {
  const auto tokens = read_tokens(run, options.ids);
  if (!tokens)
    return tl::unexpected(tokens.error());
  auto loaded = load(run, options.model, {options.adapter}, tokens->size());
  if (!loaded)
    return tl::unexpected(loaded.error());
  const auto made = kernels::logits_of_text(precision_of(options.precision), loaded->model, *tokens,
                                            loaded->adapters.front());
  if (!made)
    return failed(made);
  const auto written = kernels::write_safetensors(run.path(options.out), {as_tensor(*made)});
  if (!written)
    return failed(written);
  run.print().note("logits of " + std::to_string(tokens->size()) + " positions written to " + options.out);
  return exit_code::done;
}

} // namespace

void add_model_logits(CLI::App& group, invocation& run) {
  add_command<logits_options>(
      group, run, "logits", "Logits at every position, as a safetensors file",
      [](CLI::App& command, logits_options& options) {
        command.add_option("MODEL", options.model, "GGUF file or Hugging Face folder")->required();
        command.add_option("--adapter", options.adapter, "PEFT folder or GGUF LoRA, or none");
        command.add_option("--ids", options.ids, "token ids: 1,2,3 or @FILE")->required();
        command.add_option("--out", options.out, "the file: tensor \"logits\", float32 [tokens, vocabulary]")
            ->required();
        command.add_option("--precision", options.precision, "f32 or serving")
            ->check(CLI::IsMember({"f32", "serving"}));
      },
      logits);
}

} // namespace troupe::cli
