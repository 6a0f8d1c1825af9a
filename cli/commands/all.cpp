#include "cli/commands/commands.hpp"

namespace troupe::cli {

void add_all_commands(CLI::App& root, invocation& run) {
  add_up(root, run);
  add_ps(root, run);
  add_top(root, run);
  add_inspect(root, run);
  add_logs(root, run);
  add_trace(root, run);
  add_send(root, run);
  add_spawn(root, run);
  add_stop(root, run);
  add_restart(root, run);
  add_migrate(root, run);
  add_node(root, run);
  add_run(root, run);
  add_workflow(root, run);
  add_approval(root, run);
  add_dead_letter(root, run);
  add_validate(root, run);
  add_explain(root, run);
  add_expr(root, run);
  add_config(root, run);
  add_doctor(root, run);
  add_model(root, run);
  add_train(root, run);
  add_bench(root, run);
  add_completion(root, run);
  add_version(root, run);
}

} // namespace troupe::cli
