#pragma once

namespace CLI {
class App;
}

namespace troupe::cli {

class invocation;

/// Each adds one command to `root`; when it is the one asked for, it is chosen in `run`. Both outlive the
/// parse.
void add_up(CLI::App& root, invocation& run);
void add_ps(CLI::App& root, invocation& run);
void add_top(CLI::App& root, invocation& run);
void add_inspect(CLI::App& root, invocation& run);
void add_logs(CLI::App& root, invocation& run);
void add_trace(CLI::App& root, invocation& run);
void add_send(CLI::App& root, invocation& run);
void add_spawn(CLI::App& root, invocation& run);
void add_stop(CLI::App& root, invocation& run);
void add_restart(CLI::App& root, invocation& run);
void add_migrate(CLI::App& root, invocation& run);
void add_node(CLI::App& root, invocation& run);
void add_run(CLI::App& root, invocation& run);
void add_workflow(CLI::App& root, invocation& run);
void add_approval(CLI::App& root, invocation& run);
void add_dead_letter(CLI::App& root, invocation& run);
void add_validate(CLI::App& root, invocation& run);
void add_explain(CLI::App& root, invocation& run);
void add_config(CLI::App& root, invocation& run);
void add_expr(CLI::App& root, invocation& run);
void add_doctor(CLI::App& root, invocation& run);
void add_model(CLI::App& root, invocation& run);
void add_train(CLI::App& root, invocation& run);
void add_bench(CLI::App& root, invocation& run);
void add_completion(CLI::App& root, invocation& run);
void add_version(CLI::App& root, invocation& run);

/// In the order of the help text.
void add_all_commands(CLI::App& root, invocation& run);

} // namespace troupe::cli
