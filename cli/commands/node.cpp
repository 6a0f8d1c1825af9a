#include "cli/commands/command.hpp"
#include "cli/commands/ps_table.hpp"
#include "cli/console/values.hpp"
#include "cluster/link/certificates.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct node_options {
  std::string name;
};

result<std::vector<json>> fetch_nodes(const invocation& run) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto nodes = node->get("/v1/nodes");
  if (!nodes)
    return tl::unexpected(nodes.error());
  auto items = array_at(*nodes, "items");
  return std::vector<json>(items.begin(), items.end());
}

command_result list(const invocation& run, const no_options&) {
  auto nodes = fetch_nodes(run);
  if (!nodes)
    return tl::unexpected(nodes.error());
  auto print = run.print();
  if (print.is_text())
    print.text(nodes_table(*nodes, print));
  else
    print.document(json{{"items", *nodes}, {"count", nodes->size()}, {"complete", true}});
  print.note(counted(nodes->size(), "node") + ", complete");
  return exit_code::done;
}

command_result show(const invocation& run, const node_options& options) {
  auto nodes = fetch_nodes(run);
  if (!nodes)
    return tl::unexpected(nodes.error());
  for (const auto& node : *nodes) {
    if (cell(node, "id") != options.name)
      continue;
    auto print = run.print();
    if (print.is_text())
      print.text(nodes_table({node}, print));
    else
      print.document(node);
    return exit_code::done;
  }
  return fail(fault::not_found, "no node \"" + options.name + "\"", "troupe node list");
}

/// A node that could not be emptied is told by name and by exit code.
command_result order(const invocation& run, const std::string& verb, const node_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto report = node->post("/v1/nodes/" + gateway::percent_encode(options.name) + '/' + verb, json::object());
  if (!report)
    return tl::unexpected(report.error());
  auto print = run.print();
  const auto left = array_at(*report, "left");
  if (print.is_text()) {
    print.text(cell(*report, "node") + " is " + cell(*report, "state") + ", " + cell(*report, "moved") +
               " moved\n");
    for (const auto& agent : left)
      print.text("stays: " + cell(agent, "agent") + ": " + cell(agent, "reason") + "\n");
  } else {
    print.document(*report);
  }
  return left.empty() ? exit_code::done : exit_code::failed;
}

struct certs_options {
  std::string folder;
  std::vector<std::string> names;
  unsigned days = 365;
};

result<void> write_private(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::trunc);
  std::error_code problem;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               problem);
  out << text << std::flush;
  if (!out || problem)
    return fail(fault::unavailable, "cannot write " + file.string());
  return {};
}

/// The authority of that folder, made when there is none.
result<cluster::certificate> authority_in(const std::filesystem::path& folder, instant now) {
  std::ifstream pem(folder / "ca.pem"), key(folder / "ca.key");
  if (pem && key)
    return cluster::certificate{{std::istreambuf_iterator<char>(pem), {}},
                                {std::istreambuf_iterator<char>(key), {}}};
  auto made = cluster::make_authority("troupe cluster", now);
  if (!made)
    return made;
  auto written = write_private(folder / "ca.pem", made->pem).and_then([&] {
    return write_private(folder / "ca.key", made->key);
  });
  if (!written)
    return tl::unexpected(written.error());
  return made;
}

command_result certs(const invocation& run, const certs_options& options) {
  const std::filesystem::path folder = run.path(options.folder);
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  const auto now = run.world.clock->now();
  auto authority = authority_in(folder, now);
  if (!authority)
    return tl::unexpected(authority.error());
  const auto until = now + milliseconds(std::int64_t{options.days} * 24 * 3'600 * 1'000);
  for (const auto& name : options.names) {
    auto made = cluster::make_node_certificate(*authority, name, now, until);
    if (!made)
      return tl::unexpected(made.error());
    auto written = write_private(folder / (name + ".pem"), made->pem).and_then([&] {
      return write_private(folder / (name + ".key"), made->key);
    });
    if (!written)
      return tl::unexpected(written.error());
  }
  run.print().note(counted(options.names.size(), "certificate") + " in " + folder.string() +
                   "; cluster.tls.ca, .certificate and .key name them. ca.key stays away from the nodes");
  return exit_code::done;
}

void add_order(CLI::App& node, invocation& run, const char* verb, const char* about) {
  add_command<node_options>(
      node, run, verb, about,
      [](CLI::App& command, node_options& options) {
        command.add_option("NODE", options.name, "the node's name")->required();
      },
      [verb = std::string(verb)](const invocation& chosen, const node_options& options) {
        return order(chosen, verb, options);
      });
}

} // namespace

void add_node(CLI::App& root, invocation& run) {
  auto* node = root.add_subcommand("node", "The nodes of the cluster");
  node->require_subcommand(1);
  add_command<no_options>(
      *node, run, "list", "All nodes and how they are", [](CLI::App&, no_options&) {}, list);
  add_command<node_options>(
      *node, run, "show", "One node",
      [](CLI::App& command, node_options& options) {
        command.add_option("NODE", options.name, "the node's name")->required();
      },
      show);
  add_command<certs_options>(
      *node, run, "certs", "Make certificates for the links between nodes",
      [](CLI::App& command, certs_options& options) {
        command
            .add_option("FOLDER", options.folder, "where they go; its ca.pem and ca.key are used if there")
            ->required();
        command.add_option("NODE", options.names, "names of nodes")->required();
        command.add_option("--days", options.days, "how long they are good")->check(CLI::Range(1, 3650));
      },
      certs);
  add_order(*node, run, "cordon", "Let it keep its agents and take no new ones");
  add_order(*node, run, "uncordon", "Let it take agents again");
  add_order(*node, run, "drain", "Move every active agent off it");
  add_order(*node, run, "leave", "Drain it and end it");
}

} // namespace troupe::cli
