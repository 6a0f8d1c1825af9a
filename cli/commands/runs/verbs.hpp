#pragma once

namespace CLI {
class App;
}

namespace troupe::cli {

class invocation;

// Below `troupe workflow`.
void add_run_lists(CLI::App& group, invocation& run);
void add_run_steering(CLI::App& group, invocation& run);

} // namespace troupe::cli
