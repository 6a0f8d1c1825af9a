#include "cli/commands/command.hpp"
#include "cli/commands/runs/embedded_node.hpp"
#include "cli/commands/runs/follow.hpp"
#include "cli/commands/runs/run_input.hpp"
#include "cli/console/values.hpp"
#include "config/settings/units.hpp"
#include "gateway/http/target.hpp"
#include "workflows/language/language.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct run_options {
  std::string what;
  std::vector<std::string> input;
  std::string timeout;
  std::string key;
  std::string agents;
  bool detach = false;
};

bool is_file(const std::string& what) {
  return what.ends_with(".yaml") || what.ends_with(".yml") || what.ends_with(".json") ||
         what.find('/') != what.npos;
}

/// The name in a workflow file; all of its findings are printed when it is wrong.
tl::expected<std::string, exit_code> name_in(const invocation& run, const std::string& file) {
  std::ifstream in(run.path(file), std::ios::binary);
  if (!in) {
    run.print().failure(
        {fault::not_found, "cannot read " + file, "troupe run FILE or a deployed workflow's NAME"});
    return tl::unexpected(exit_code::not_found);
  }
  std::string text{std::istreambuf_iterator<char>(in), {}};
  config::diagnostics found;
  const auto plan = workflow::parse_workflow(config::source(file, std::move(text)), found);
  if (plan)
    return plan->name;
  run.print().note(config::render_text(found, 1));
  return tl::unexpected(exit_code::unmet);
}

result<std::string> start_run(node_client& node, const std::string& name, const json& input,
                              const std::string& key) {
  http_call call;
  call.method = "POST";
  call.target = "/v1/workflows/" + gateway::percent_encode(name) + "/runs";
  call.body = json{{"input", input}}.dump();
  if (!key.empty())
    call.headers["Idempotency-Key"] = key;
  auto reply = node.send(call);
  if (!reply)
    return tl::unexpected(reply.error());
  auto body = read_reply(*reply);
  if (!body)
    return tl::unexpected(body.error());
  return body->value("id", "");
}

command_result start_and_follow(const invocation& run, node_client& node, const std::string& name,
                                const run_options& options) {
  auto input = read_input(run, options.input);
  if (!input)
    return tl::unexpected(input.error());
  std::optional<std::chrono::milliseconds> limit;
  if (!options.timeout.empty()) {
    auto span = config::parse_duration(options.timeout);
    if (!span)
      return tl::unexpected(span.error());
    limit = *span;
  }
  auto id = start_run(node, name, *input, options.key);
  if (!id)
    return tl::unexpected(id.error());
  if (options.detach) {
    auto print = run.print();
    if (print.is_text())
      print.text(*id + "\n");
    else
      print.document(json{{"id", *id}, {"state", "submitted"}});
    return exit_code::done;
  }
  run.print().note("run " + *id + " of " + name);
  return follow_run(run, node, *id, limit);
}

command_result run_command(const invocation& run, const run_options& options) {
  const bool file = is_file(options.what);
  std::string name = options.what;
  if (file) {
    auto found = name_in(run, options.what);
    if (!found)
      return found.error();
    name = *found;
  }
  if (auto live = run.node(); live && live->get("/livez"))
    return start_and_follow(run, *live, name, options);
  auto node = embedded_node::start(run, file ? run.path(options.what) : "",
                                   options.agents.empty() ? "" : run.path(options.agents));
  if (!node) {
    run.print().failure(node.error());
    return node.error().what == fault::invalid ? exit_code::unmet : exit_code::unreachable;
  }
  node_client client(run.world.connect((*node)->url()), (*node)->url());
  return start_and_follow(run, client, name, options);
}

} // namespace

void add_run(CLI::App& root, invocation& run) {
  add_command<run_options>(
      root, run, "run", "Run a workflow and print its output; no server needed",
      [](CLI::App& command, run_options& options) {
        command.add_option("WHAT", options.what, "a workflow file, or the name of a deployed workflow")
            ->required();
        command.add_option("-i,--input", options.input, "name=value, @file.json or JSON; may be repeated")
            ->allow_extra_args(false);
        command.add_option("--timeout", options.timeout,
                           "stop following after this long (the run goes on): 30s");
        command.add_option("--idempotency-key", options.key, "the same key again is the same run");
        command.add_option("--agents", options.agents,
                           "folder of agent files, besides agents/ beside the file");
        command.add_flag("--detach", options.detach, "print the run's id and leave it to the node");
      },
      run_command);
}

} // namespace troupe::cli
