#include "cli/commands/commands.hpp"
#include "cli/commands/model/verbs.hpp"

#include <CLI/CLI.hpp>

namespace troupe::cli {

void add_model(CLI::App& root, invocation& run) {
  auto* group = root.add_subcommand("model", "Local models: look into them, run them, check them");
  group->require_subcommand(1);
  group->fallthrough();
  add_model_inspect(*group, run);
  add_model_logits(*group, run);
  add_model_generate(*group, run);
  add_model_check(*group, run);
  add_model_convert(*group, run);
  add_model_quantize(*group, run);
  add_model_tokenize(*group, run);
  add_model_detokenize(*group, run);
  add_model_mask(*group, run);
  add_model_render(*group, run);
}

} // namespace troupe::cli
