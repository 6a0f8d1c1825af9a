#include "cli/client/node_file.hpp"
#include "cli/commands/check.hpp"
#include "cli/commands/command.hpp"
#include "cli/commands/disk_probe.hpp"
#include "cli/console/table.hpp"
#include "cli/console/values.hpp"
#include "cli/store.hpp"
#include "config/settings/node_settings.hpp"
#include "config/settings/units.hpp"
#include "storage/postgres/open.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr std::uint64_t space_needed =
    256ull * 1024 * 1024; // a journal that fills the disk stops acknowledging
constexpr std::size_t probe_writes = 50;
constexpr std::chrono::microseconds slow_disk{20'000}; // fifty commits a second and fewer

using findings = std::vector<finding>;

finding check_settings(const invocation& run, std::string& data_dir, std::string& server) {
  config::diagnostics found;
  auto loaded = config::settings::load(run.setting_sources(), found);
  if (!loaded)
    return {"settings", verdict::bad, counted(found.errors(), "error") + " in the settings",
            "troupe config validate"};
  data_dir = run.path(loaded->text("data.dir"));
  server = loaded->text("storage.postgres");
  if (found.warnings() > 0)
    return {"settings", verdict::warning, counted(found.warnings(), "warning"), "troupe config show"};
  return {"settings", verdict::good, "valid", {}};
}

finding check_server(const std::string& server, const std::string& data_dir) {
  storage::postgres_options how;
  how.server = server;
  how.directory = data_dir;
  const auto found = storage::examine_postgres(how);
  if (!found)
    return {"PostgreSQL", verdict::bad, found.error().message, found.error().hint};
  return {"PostgreSQL", verdict::good, *found, {}};
}

finding check_space(const std::string& data_dir) {
  auto space = free_bytes(data_dir);
  if (!space)
    return {"data folder", verdict::warning, space.error().message, space.error().hint};
  const auto readable = config::format_size(static_cast<std::int64_t>(*space / (1 << 20) * (1 << 20)));
  if (*space < space_needed)
    return {"data folder", verdict::bad, "only " + readable + " free", "make room in " + data_dir};
  return {"data folder", verdict::good, readable + " free", {}};
}

finding check_disk(const std::string& data_dir) {
  auto times = measure_fdatasync(data_dir, probe_writes);
  if (!times)
    return {"disk", verdict::bad, times.error().message, times.error().hint};
  const auto p99 = percentile(*times, 0.99);
  const auto text = "fdatasync p50 " + std::to_string(percentile(*times, 0.5).count()) + " us, p99 " +
                    std::to_string(p99.count()) + " us";
  if (p99 > slow_disk)
    return {"disk", verdict::warning, text, "put the data folder on a faster disk with --data"};
  return {"disk", verdict::good, text, {}};
}

finding check_node_file(const invocation& run, const std::string& data_dir) {
  auto file = read_node_file(data_dir);
  if (!file)
    return {"node file", verdict::bad, file.error().message, file.error().hint};
  if (!*file)
    return {"node file", verdict::good, "no node owns this data folder", {}};
  const auto& node = **file;
  if (!run.world.process_lives(node.pid))
    return {"node file", verdict::warning, "names process " + std::to_string(node.pid) + ", which is no more",
            "troupe up takes over, or rm " + node_file_path(data_dir)};
  return {"node file", verdict::good, "process " + std::to_string(node.pid) + " at " + node.url, {}};
}

finding check_node(node_client& node) {
  auto reply = node.send({"GET", "/readyz", {}, {}, std::chrono::milliseconds(5'000)});
  if (!reply)
    return {"node", verdict::warning, reply.error().message, reply.error().hint};
  auto ready = read_reply(*reply);
  if (!ready)
    return {"node", verdict::bad, ready.error().message, "look into its log"};
  return {"node", verdict::good, "ready at " + node.url(), {}};
}

finding check_failed_agents(node_client& node) {
  auto failed = fetch_list(node, "/v1/agents", "&state=failed", 100);
  if (!failed)
    return {"agents", verdict::bad, failed.error().message, failed.error().hint};
  if (failed->items.empty())
    return {"agents", verdict::good, "none failed", {}};
  return {"agents", verdict::warning, counted(failed->items.size(), "agent") + " failed",
          "troupe ps --state failed"};
}

finding check_dead_letters(node_client& node) {
  auto letters = fetch_list(node, "/v1/dead-letters", {}, 100);
  if (!letters)
    return {"dead letters", verdict::bad, letters.error().message, letters.error().hint};
  std::erase_if(letters->items, [](const json& letter) { return letter.value("replayed", false); });
  if (letters->items.empty())
    return {"dead letters", verdict::good, "none", {}};
  return {"dead letters", verdict::warning,
          counted(letters->items.size(), "message") + (letters->complete ? "" : " and more"),
          "troupe dead-letter list"};
}

findings examine(const invocation& run) {
  std::string data_dir = run.path("./.troupe");
  std::string server;
  findings found{check_settings(run, data_dir, server), check_space(data_dir),
                 check_node_file(run, data_dir)};
  std::error_code ignored; // a folder that cannot be looked at was reported above
  if (std::filesystem::is_directory(data_dir, ignored))
    found.push_back(check_disk(data_dir));
  if (!server.empty())
    found.push_back(check_server(server, data_dir));
  auto node = run.node();
  if (!node) {
    found.push_back({"node", verdict::bad, node.error().message, node.error().hint});
    return found;
  }
  found.push_back(check_node(*node));
  if (found.back().is != verdict::good)
    return found;
  found.push_back(check_failed_agents(*node));
  found.push_back(check_dead_letters(*node));
  return found;
}

std::string name_of(verdict is) {
  switch (is) {
  case verdict::good:
    return "ok";
  case verdict::warning:
    return "warning";
  case verdict::bad:
    return "bad";
  }
  return "bad";
}

std::string text_of(const findings& found) {
  table lines({"CHECK", "RESULT", "WHAT", "HINT"});
  for (const auto& one : found)
    lines.row({one.name, name_of(one.is), one.message, one.hint});
  return lines.text();
}

json json_of(const findings& found) {
  auto checks = json::array();
  for (const auto& one : found)
    checks.push_back(
        {{"name", one.name}, {"result", name_of(one.is)}, {"message", one.message}, {"hint", one.hint}});
  return {{"checks", std::move(checks)}};
}

struct doctor_options {
  bool accept_store_loss = false;
};

/// Opens the store once, as it is: what was acknowledged and is not there is lost, and numbers leap over it.
command_result accept_loss(const invocation& run) {
  auto loaded = run.read_settings();
  if (!loaded)
    return exit_code::unmet; // told already
  auto settings = config::make_node_settings(*loaded);
  settings.data_dir = run.path(settings.data_dir);
  auto print = run.print();
  auto opened = open_store(settings, {}, true, [&](const std::string& what) { print.note(what); });
  if (!opened)
    return tl::unexpected(opened.error());
  print.note("the store is accepted as it is; start the node again");
  return exit_code::done;
}

command_result doctor(const invocation& run, const doctor_options& options) {
  if (options.accept_store_loss)
    return accept_loss(run);
  const auto found = examine(run);
  auto print = run.print();
  if (print.is_text())
    print.text(text_of(found));
  else
    print.document(json_of(found));
  const auto bad = std::ranges::count(found, verdict::bad, &finding::is);
  print.note(counted(found.size(), "check") + ", " + std::to_string(bad) + " not met");
  return bad > 0 ? exit_code::unmet : exit_code::done;
}

} // namespace

void add_doctor(CLI::App& root, invocation& run) {
  add_command<doctor_options>(
      root, run, "doctor", "Look for what is wrong on this machine",
      [](auto& command, doctor_options& options) {
        command.add_flag("--accept-store-loss", options.accept_store_loss,
                         "go on with a store that is behind what it had acknowledged");
      },
      doctor);
}

} // namespace troupe::cli
