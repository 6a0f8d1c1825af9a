#pragma once

namespace CLI {
class App;
}

namespace troupe::cli {

class invocation;

/// Each adds what belongs to it below `troupe workflow`.
void add_workflow_schedule(CLI::App& group, invocation& run);
void add_schedule_verbs(CLI::App& group, invocation& run);
void add_workflow_reload(CLI::App& group, invocation& run);
void add_workflow_format(CLI::App& group, invocation& run);
void add_workflow_convert(CLI::App& group, invocation& run);
void add_workflow_schema(CLI::App& group, invocation& run);
void add_workflow_graph(CLI::App& group, invocation& run);
void add_workflow_dry_run(CLI::App& group, invocation& run);
void add_workflow_test(CLI::App& group, invocation& run);
void add_workflow_diff(CLI::App& group, invocation& run);

} // namespace troupe::cli
