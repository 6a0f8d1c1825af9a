#include "cli/commands/runs/embedded_node.hpp"

#include "cli/client/node_file.hpp"
#include "cli/commands/runs/companions.hpp"
#include "cli/log/spdlog_sink.hpp"
#include "config/settings/node_settings.hpp"

#include <filesystem>

namespace troupe::cli {

namespace {

constexpr std::chrono::milliseconds drain_limit{10'000};

} // namespace

result<std::unique_ptr<embedded_node>>
embedded_node::start(const invocation& run, const std::string& workflows, const std::string& agents) {
  auto loaded = run.read_settings();
  if (!loaded)
    return fail(fault::invalid, "the settings cannot be used", "troupe config validate");
  auto settings = config::make_node_settings(*loaded);
  settings.data_dir = run.path(settings.data_dir);
  settings.http.port = 0;
  for (auto* file : {&settings.default_model.file, &settings.default_model.path})
    if (!file->empty())
      *file = run.path(*file);
  if (!workflows.empty())
    settings.workflows.dir = workflows;
  if (!workflows.empty() && std::filesystem::is_regular_file(workflows))
    settings.workflows.more = companions_of(workflows);
  if (!agents.empty())
    settings.workflows.agents = agents;
  std::error_code problem;
  std::filesystem::create_directories(settings.data_dir, problem);
  if (problem)
    return fail(fault::unavailable, "cannot create " + settings.data_dir + ": " + problem.message(),
                "choose another folder with --data");
  log_options quiet;
  quiet.level = "warn";
  auto sink = make_spdlog_sink(quiet, run.world.err);
  if (!sink)
    return tl::unexpected(sink.error());
  const gateway::log_book book(*sink, run.world.clock);
  auto metrics = std::make_shared<gateway::metric_registry>();
  auto made = std::make_unique<embedded_node>();
  made->data_dir_ = settings.data_dir;
  auto node = run.world.compose(settings, {book, metrics, {}, run.world.environment});
  if (!node)
    return tl::unexpected(node.error());
  made->node_ = std::move(*node);
  gateway::door_settings listening;
  listening.listen.address = "127.0.0.1";
  auto door = gateway::door::open(listening, made->node_->api(),
                                  {book, run.world.clock, metrics, made->node_->workflows(),
                                   made->node_->models(), made->node_->links()});
  if (!door)
    return tl::unexpected(door.error());
  made->door_ = std::move(*door);
  const auto started = to_rfc3339(run.world.clock->now());
  if (auto written = write_node_file(settings.data_dir, {run.world.pid, made->url(), started}); !written)
    return tl::unexpected(written.error());
  return made;
}

embedded_node::~embedded_node() {
  if (door_)
    door_->drain(drain_limit);
  if (node_)
    node_->drain(drain_limit);
  if (door_)
    remove_node_file(data_dir_);
}

} // namespace troupe::cli
