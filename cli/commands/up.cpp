#include "cli/client/node_file.hpp"
#include "cli/commands/command.hpp"
#include "cli/log/spdlog_sink.hpp"
#include "cli/serve/several_nodes.hpp"
#include "cli/serve/system_reloader.hpp"
#include "config/settings/node_settings.hpp"
#include "gateway/door.hpp"
#include "gateway/version.hpp"
#include "storage/postgres/private_server.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

namespace troupe::cli {

namespace {

// How long what runs may take to finish once somebody wants the node to stop.
constexpr std::chrono::milliseconds door_drain_limit{10'000};
constexpr std::chrono::milliseconds node_drain_limit{20'000};

/// A node and its door; the door closes first.
struct running_node {
  std::unique_ptr<hosted_node> node;
  std::shared_ptr<reloader> files;
  std::unique_ptr<gateway::door> door;
};

result<json> reload_files(hosted_node& node, const gateway::service_logger& log) {
  auto change = node.reload_workflows();
  if (!change) {
    log.error("the files were not taken over: " + change.error().message);
    return tl::unexpected(change.error());
  }
  for (const auto& [what, names] :
       {std::pair("added", &change->added), std::pair("changed", &change->changed),
        std::pair("removed", &change->removed)})
    for (const auto& name : *names)
      log.info(name + " is " + what);
  return json{{"added", change->added}, {"changed", change->changed}, {"removed", change->removed}};
}

result<running_node> start(const config::node_settings& settings, const invocation& run,
                           const gateway::log_book& log, const test_switches& tests) {
  auto metrics = std::make_shared<gateway::metric_registry>();
  auto node = run.world.compose(settings, {log, metrics, tests, run.world.environment});
  if (!node)
    return tl::unexpected(node.error());
  auto& hosted = **node;
  auto files = std::make_shared<reloader>(
      [&hosted, to = log.create_service_logger("workflow")] { return reload_files(hosted, to); });
  gateway::door_settings listening;
  listening.listen.address = settings.http.bind;
  listening.listen.port = settings.http.port;
  auto door =
      gateway::door::open(listening, hosted.api(),
                          {log, run.world.clock, metrics, hosted.workflows(), hosted.models(), hosted.links(),
                           [files](std::function<void(result<json>)> done) { files->ask(std::move(done)); }});
  if (!door)
    return tl::unexpected(door.error());
  if (auto begun = hosted.begin_schedules(); !begun)
    return tl::unexpected(begun.error());
  return running_node{std::move(*node), std::move(files), std::move(*door)};
}

result<bool> announce(const config::node_settings& settings, const invocation& run,
                      const gateway::door& door) {
  const auto started = to_rfc3339(run.world.clock->now());
  if (auto written = write_node_file(settings.data_dir, {run.world.pid, door.url(), started}); !written)
    return written;
  auto print = run.print();
  if (print.is_text())
    print.text(door.url() + "\n");
  else
    print.document(json{{"url", door.url()}, {"pid", run.world.pid}, {"started", started}});
  print.note("troupe " + std::string(gateway::version) + " is up: " + door.url() + "/docs, data in " +
             settings.data_dir + "; Ctrl-C drains");
  return true;
}

void serve_until_stopped(const invocation& run, running_node& running, const gateway::service_logger& log) {
  const auto drain = [&] {
    log.info("draining");
    if (!running.door->drain(door_drain_limit))
      log.warn("some requests were cut off");
    running.node->drain(node_drain_limit);
    log.info("drained");
  };
  run.world.serve(drain, [&] {
    running.files->ask([](const result<json>&) {}); // it says itself in the log what came of it
  });
}

result<std::shared_ptr<gateway::log_sink>> open_log(const config::node_settings& settings,
                                                    const invocation& run) {
  log_options options;
  options.level = settings.log.level;
  options.as_json = settings.log.format == "json";
  options.colored = run.world.err_is_terminal && !run.flags.no_color;
  if (!settings.log.file.empty())
    options.file = run.path(settings.log.file);
  return make_spdlog_sink(options, run.world.err);
}

/// Whatever keeps a node from starting is told, and is 3: a script may fix it and try again.
command_result not_started(const invocation& run, const error& why) {
  run.print().failure(why);
  return exit_code::unreachable;
}

struct up_options {
  unsigned nodes = 1;
};

/// node-a, node-b, …: each in a folder of its own below the data folder, all on one PostgreSQL.
several_nodes::node one_of_several(const invocation& run, const config::node_settings& settings,
                                   const std::string& server, unsigned number) {
  several_nodes::node n;
  n.name = "node-" + std::string(1, static_cast<char>('a' + number));
  n.data_dir = settings.data_dir + '/' + n.name;
  n.port = number == 0 ? std::to_string(settings.http.port) : "0";
  n.environment = run.world.environment;
  for (const auto& [key, flag] : run.flags.settings)
    if (key != "data.dir" && key != "http.port")
      n.environment[config::environment_name(key)] = flag.text;
  n.environment[config::environment_name("node.name")] = n.name;
  n.environment[config::environment_name("storage.postgres")] = server;
  return n;
}

command_result up_several(const invocation& run, const config::node_settings& settings, unsigned count) {
  std::optional<storage::private_server> own;
  auto server = settings.storage.postgres;
  if (server.empty()) {
    auto started = storage::private_server::start({settings.data_dir + "/postgres", {}});
    if (!started)
      return not_started(run, started.error());
    own.emplace(std::move(*started));
    server = own->address();
  }
  std::vector<several_nodes::node> all;
  for (unsigned i = 0; i < count; ++i)
    all.push_back(one_of_several(run, settings, server, i));
  const auto started = to_rfc3339(run.world.clock->now());
  // Commands that look for the node find one that runs.
  const auto announce_all = [&](const std::vector<std::string>& urls) {
    if (urls.empty())
      return;
    if (auto written = write_node_file(settings.data_dir, {run.world.pid, urls.front(), started}); !written)
      run.print().failure(written.error());
  };
  auto nodes = several_nodes::start(std::move(all), announce_all);
  if (!nodes)
    return not_started(run, nodes.error());
  const auto urls = (*nodes)->urls();
  auto print = run.print();
  if (print.is_text())
    for (const auto& url : urls)
      print.text(url + "\n");
  else
    print.document(json{{"url", urls.empty() ? "" : urls.front()},
                        {"urls", urls},
                        {"pid", run.world.pid},
                        {"started", started}});
  print.note(std::to_string(count) + " nodes are up, data in " + settings.data_dir + "; Ctrl-C drains");
  run.world.serve([&] { (*nodes)->stop(); }, [] {}); // each node reads its own files again
  remove_node_file(settings.data_dir);
  return exit_code::done;
}

command_result up(const invocation& run, const up_options& options) {
  auto loaded = run.read_settings();
  if (!loaded)
    return exit_code::unreachable; // told already; a node that cannot start is 3, whatever keeps it from it
  auto settings = config::make_node_settings(*loaded);
  settings.data_dir = run.path(settings.data_dir);
  for (auto* folder : {&settings.workflows.dir, &settings.workflows.agents})
    if (!folder->empty())
      *folder = run.path(*folder);
  for (auto* file : {&settings.supervision.file, &settings.default_model.file, &settings.default_model.path})
    if (!file->empty())
      *file = run.path(*file);
  std::error_code problem;
  std::filesystem::create_directories(settings.data_dir, problem);
  if (problem)
    return not_started(run,
                       {fault::unavailable, "cannot create " + settings.data_dir + ": " + problem.message(),
                        "choose another folder with --data"});
  if (options.nodes > 1)
    return up_several(run, settings, options.nodes);
  auto sink = open_log(settings, run);
  if (!sink)
    return not_started(run, sink.error());
  const gateway::log_book book(*sink, run.world.clock);
  auto tests = read_test_switches(run.world.environment);
  if (!tests)
    return not_started(run, tests.error());
  if (!tests->warning.empty())
    book.create_service_logger("node").error(tests->warning);
  arm(*tests);
  auto running = start(settings, run, book, *tests);
  if (!running)
    return not_started(run, running.error());
  if (auto announced = announce(settings, run, *running->door); !announced)
    return not_started(run, announced.error());
  serve_until_stopped(run, *running, book.create_service_logger("node"));
  remove_node_file(settings.data_dir);
  return exit_code::done;
}

} // namespace

void add_up(CLI::App& root, invocation& run) {
  add_command<up_options>(
      root, run, "up", "Run the whole system on this machine; Ctrl-C drains it",
      [&run](CLI::App& command, up_options& options) {
        command.add_option("--nodes", options.nodes, "node processes, on one PostgreSQL; 1 runs on SQLite")
            ->check(CLI::Range(1, 16));
        command.add_option_function<std::string>(
            "--port",
            [&run](const std::string& given) {
              run.flags.settings["http.port"] = {given, "--port"};
            },
            "port of the HTTP door; 0 takes a free one");
        const auto folder = [&run, &command](const char* flag, const char* key, const char* about) {
          command.add_option_function<std::string>(
              flag,
              [&run, flag, key](const std::string& given) {
                run.flags.settings[key] = {given, flag};
              },
              about);
        };
        folder("--workflows", "workflows.dir", "folder of workflow files to run");
        folder("--agents", "workflows.agents", "folder of agent files");
      },
      up);
}

} // namespace troupe::cli
