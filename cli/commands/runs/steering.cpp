#include "cli/commands/command.hpp"
#include "cli/commands/runs/verbs.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct steer_options {
  std::string id;
  std::string path;
  bool new_key = false;
  std::string name;
  std::string body = "null";
  std::string correlation;
  std::string signal_id;
};

command_result steer(const invocation& run, const steer_options& options, const std::string& verb,
                     const json& body) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto done = node->post("/v1/runs/" + gateway::percent_encode(options.id) + "/" + verb, body);
  if (!done)
    return tl::unexpected(done.error());
  auto print = run.print();
  if (!print.is_text())
    print.document(*done);
  else
    print.text(options.id + "\n");
  return exit_code::done;
}

void takes_run(CLI::App& command, steer_options& options) {
  command.add_option("RUN", options.id, "the run's id")->required();
}

command_result retry(const invocation& run, const steer_options& options) {
  auto body = json::object();
  if (!options.path.empty())
    body["path"] = options.path;
  if (options.new_key)
    body["new_key"] = true;
  return steer(run, options, "retry", body);
}

command_result signal(const invocation& run, const steer_options& options) {
  auto text = read_argument(run, options.body);
  if (!text)
    return tl::unexpected(text.error());
  auto value = json::parse(*text, nullptr, false);
  json body{{"name", options.name}, {"body", value.is_discarded() ? json(*text) : value}};
  if (!options.correlation.empty())
    body["correlation"] = options.correlation;
  if (!options.signal_id.empty())
    body["id"] = options.signal_id;
  return steer(run, options, "signal", body);
}

} // namespace

void add_run_steering(CLI::App& group, invocation& run) {
  for (const auto& [verb, about] : {std::pair("cancel", "End a run: finally and compensation run"),
                                    std::pair("pause", "Begin no more steps until resume"),
                                    std::pair("resume", "Let a paused run go on")})
    add_command<steer_options>(
        group, run, verb, about, takes_run,
        [verb = std::string(verb)](const invocation& chosen, const steer_options& options) {
          return steer(chosen, options, verb, json::object());
        });
  add_command<steer_options>(
      group, run, "retry", "Let a stuck run go on from the step that failed",
      [](CLI::App& command, steer_options& options) {
        takes_run(command, options);
        command.add_option("--path", options.path, "the stuck step; else all of them");
        command.add_flag("--new-key", options.new_key, "under new idempotency keys");
      },
      retry);
  add_command<steer_options>(
      group, run, "signal", "Send a run a signal that a `receive` waits for, or will",
      [](CLI::App& command, steer_options& options) {
        takes_run(command, options);
        command.add_option("NAME", options.name, "of the signal")->required();
        command.add_option("BODY", options.body, "JSON or text, @FILE, or - for standard input");
        command.add_option("--correlation", options.correlation, "which wait it is for");
        command.add_option("--id", options.signal_id, "the same one again is the same signal");
      },
      signal);
}

} // namespace troupe::cli
