#include "cli/commands/command.hpp"
#include "cli/commands/completion_script.hpp"

#include <CLI/CLI.hpp>

namespace troupe::cli {

namespace {

struct completion_options {
  std::string shell;
};

/// The tree of commands as the scripts need it: path, what it is for, and the words that may follow.
void collect(const CLI::App& app, const std::string& path, std::vector<completed_command>& into) {
  completed_command here;
  here.path = path;
  here.about = app.get_description();
  for (const auto* below : app.get_subcommands([](const CLI::App* sub) { return !sub->get_name().empty(); }))
    here.words.push_back(below->get_name());
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      here.words.push_back("--" + name);
  into.push_back(std::move(here));
  for (const auto* below : app.get_subcommands([](const CLI::App* sub) { return !sub->get_name().empty(); }))
    collect(*below, path + " " + below->get_name(), into);
}

} // namespace

void add_completion(CLI::App& root, invocation& run) {
  add_command<completion_options>(
      root, run, "completion", "A completion script for a shell",
      [](CLI::App& command, completion_options& options) {
        command.add_option("SHELL", options.shell, "bash, zsh or fish")
            ->required()
            ->check(CLI::IsMember({"bash", "zsh", "fish"}));
      },
      [&root](const invocation& chosen, const completion_options& options) -> command_result {
        std::vector<completed_command> commands;
        collect(root, "troupe", commands);
        chosen.print().text(completion_script(options.shell, commands));
        return exit_code::done;
      });
}

} // namespace troupe::cli
