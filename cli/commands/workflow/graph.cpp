#include "cli/commands/command.hpp"
#include "cli/commands/workflow/files.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "gateway/http/target.hpp"
#include "workflows/graph/layout.hpp"
#include "workflows/graph/overlay.hpp"
#include "workflows/graph/svg.hpp"
#include "workflows/graph/text_graphs.hpp"
#include "workflows/language/language.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct graph_options {
  std::string workflow;
  std::string format = "svg";
  std::string of_run;
  std::string out;
};

using plan_pointer = std::shared_ptr<const workflow::plan>;

result<workflow::box> put_run(const invocation& run, workflow::box whole, const plan_pointer& plan,
                              const std::string& id) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  const auto view = node->get("/v1/runs/" + gateway::percent_encode(id));
  if (!view)
    return tl::unexpected(view.error());
  if (const auto of = view->value("workflow", ""); of != plan->name)
    return fail(fault::refused, "the run " + id + " is one of " + of + ", not of " + plan->name);
  if (auto done = workflow::overlay(whole, view->dump()); !done)
    return tl::unexpected(done.error());
  return whole;
}

std::string rendered(workflow::box& whole, const plan_pointer& plan, const std::string& format) {
  if (format == "mermaid")
    return workflow::render_mermaid(whole);
  if (format == "dot")
    return workflow::render_dot(whole, plan->name);
  if (format == "json")
    return workflow::render_graph_json(whole) + "\n";
  workflow::lay_out(whole);
  return workflow::render_svg(whole,
                              plan->description.empty() ? plan->name : plan->name + ": " + plan->description);
}

command_result graph(const invocation& run, const graph_options& options) {
  auto source = find_workflow_source(run, options.workflow);
  if (!source)
    return tl::unexpected(source.error());
  config::diagnostics found;
  const auto plan = workflow::parse_workflow(std::move(*source), found);
  if (!plan) {
    run.print().note(config::render_text(found, 1));
    return exit_code::unmet;
  }
  auto whole = workflow::diagram_of(*plan);
  if (!options.of_run.empty()) {
    auto with_run = put_run(run, std::move(whole), plan, options.of_run);
    if (!with_run)
      return tl::unexpected(with_run.error());
    whole = std::move(*with_run);
  }
  const auto text = rendered(whole, plan, options.format);
  if (options.out.empty()) {
    run.print().text(text);
    return exit_code::done;
  }
  if (auto written = replace_file(run.path(options.out), text); !written)
    return tl::unexpected(written.error());
  return exit_code::done;
}

} // namespace

void add_workflow_graph(CLI::App& group, invocation& run) {
  add_command<graph_options>(
      group, run, "graph", "Draw a workflow, or one of its runs",
      [](CLI::App& command, graph_options& options) {
        command.add_option("WORKFLOW", options.workflow, "a file, or a workflow's name on the node")
            ->required();
        command.add_option("--format", options.format, "svg, mermaid, dot or json")
            ->check(CLI::IsMember({"svg", "mermaid", "dot", "json"}));
        command.add_option("--run", options.of_run,
                           "shows how this run went: states, durations, tries, cost");
        command.add_option("--out", options.out, "a file instead of standard output");
      },
      graph);
}

} // namespace troupe::cli
