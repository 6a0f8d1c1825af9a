#pragma once

#include "cli/commands/commands.hpp"
#include "cli/invocation.hpp"

#include <memory>
#include <string>

namespace troupe::cli {

/// Adds a subcommand whose options live in an `Options` that is handed to `execute` when it is chosen.
/// `declare` says which options there are.
template<class Options, class App, class Declare, class Execute>
void add_command(App& root, invocation& run, const std::string& name, const std::string& about,
                 Declare declare, Execute execute) {
  auto options = std::make_shared<Options>();
  auto* command = root.add_subcommand(name, about);
  declare(*command, *options);
  command->callback([&run, options, execute] {
    run.choose(
        [options, execute](invocation& chosen) -> command_result { return execute(chosen, *options); });
  });
}

struct no_options {};

} // namespace troupe::cli
