#include "cli/compose.hpp"

#include "cli/serve/cluster_side.hpp"
#include "cli/serve/publish_schedules.hpp"

#include "actors/models/model_executor.hpp"
#include "actors/models/predict_executor.hpp"
#include "actors/models/provider_registry.hpp"
#include "actors/models/settings.hpp"
#include "actors/models/system_waiter.hpp"
#include "agents/floor/system_bank.hpp"
#include "cli/builtin_agents.hpp"
#include "cli/store.hpp"
#include "gateway/metrics/model_metrics.hpp"
#include "runtime/base/system_sources.hpp"
#include "runtime/host/local_node.hpp"
#include "runtime/secrets/system_secrets.hpp"
#include "workflows/plan/unheeded.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace troupe::cli {
namespace {

constexpr int exit_fenced =
    70; // a node that must not go on at once: what it has not acknowledged is not there

void warn_of_unheeded(const workflow::deployed_catalog& deployed, const gateway::service_logger& log) {
  for (const auto& pinned : deployed.workflows())
    for (const auto& part : workflow::unheeded_parts(*pinned->made))
      log.warn("workflow " + pinned->made->name + ": this build reads `" + part + "` and does not act on it");
}

constexpr std::chrono::milliseconds leave_patience{3'000};

/// Everything a node leans on, destroyed after it, in reverse order.
class composed_node final : public hosted_node {
public:
  explicit composed_node(gateway::service_logger to)
      : log(std::move(to)) {}
  ~composed_node() override {
    if (side.all)
      side.all->detach();
  }
  node_api& api() override { return side.door ? static_cast<node_api&>(*side.door) : *node_; }
  std::shared_ptr<const models::native_services> models() override {
    return std::make_shared<const models::native_services>(providers->natives());
  }
  std::shared_ptr<workflow::deployed_catalog> workflows() override { return files->catalog(); }
  std::shared_ptr<const gateway::link_signer> links() override { return signer; }
  result<void> begin_schedules() override { return publish_schedules(*node_, *files->catalog()); }
  result<deployment_change> reload_workflows() override {
    auto change = files->reload();
    if (!change)
      return change;
    warn_of_unheeded(*files->catalog(), log);
    if (auto told = begin_schedules(); !told)
      return tl::unexpected(told.error());
    return change;
  }
  void drain(std::chrono::milliseconds limit) override {
    node_->drain(limit);
    if (side.all)
      side.all->leave(leave_patience);
  }
  /// The other nodes on its store, where it can have some.
  result<void> join(const config::node_settings& settings, const kind_registry& kinds,
                    const gateway::service_logger& to, node_options& how) {
    if (!shared)
      return {};
    auto joined = join_cluster(settings, kinds, *shared, to);
    if (!joined)
      return tl::unexpected(joined.error());
    side = std::move(*joined);
    how.others = side.all.get();
    how.shared = shared;
    return {};
  }

  system_clock_source clock;
  system_random_source random;
  gateway::service_logger log;
  std::unique_ptr<workflow_files> files;
  std::shared_ptr<const gateway::link_signer> signer;
  models::system_waiter waiter;
  std::unique_ptr<models::provider_registry> providers;
  std::unique_ptr<builtin_agents> builtins;
  std::unique_ptr<journal::store> store;
  journal::shared_store* shared = nullptr; // the same, where it can be shared
  cluster_side side;
  std::unique_ptr<local_node> node_;
};

supervision::supervision_policy policy(const config::node_settings& from) {
  supervision::supervision_policy p;
  p.max_restarts = from.supervision.max_restarts;
  p.within = from.supervision.within;
  p.backoff_initial = from.supervision.backoff_initial;
  p.backoff_max = from.supervision.backoff_max;
  return p;
}

node_options options_of(const config::node_settings& from, const test_switches& tests,
                        const gateway::service_logger& log) {
  node_options how;
  how.unsafe_open_gate = tests.open_gate;
  how.unsafe_rivals = tests.rivals;
  if (tests.rivals)
    how.sweep_every = milliseconds(30);
  how.name = from.node_name;
  how.scheduler_threads =
      from.runtime.threads ? from.runtime.threads : std::max(2u, std::thread::hardware_concurrency());
  how.passivate_after = from.runtime.passivate_after;
  how.call_deadline = from.runtime.call_deadline;
  how.turn_limit = from.runtime.turn_limit;
  how.sender_pending_max = static_cast<std::uint32_t>(from.runtime.sender_pending_max);
  how.active_agents_max = from.runtime.active_agents_max;
  how.dedupe_window = from.retention.ingress;
  how.history_kept = from.retention.history;
  how.agents_kept = from.retention.agents;
  how.dead_letters_kept = from.retention.dead_letters;
  how.supervision = policy(from);
  how.recorder_file = (std::filesystem::path(from.data_dir) / "flight.bin").string();
  how.on_store_failed = [log](const std::string& why) {
    log.error("the store can no longer write, the node ends: " + why);
    std::_Exit(exit_fenced);
  };
  how.on_stuck = [log] {
    log.error("a turn has run three times its limit: the process ends, and the next start counts its crash");
    std::abort();
  };
  how.log = [log](const std::string& level, const std::string& sentence) {
    level == "error" ? log.error(sentence) : log.warn(sentence);
  };
  return how;
}

result<supervision::supervision_plan> read_groups(const std::string& name,
                                                  const supervision::supervision_policy& usual) {
  if (name.empty())
    return supervision::supervision_plan{};
  std::ifstream file(name);
  if (!file)
    return fail(fault::not_found, "cannot read " + name, "supervision.file names it");
  config::diagnostics found;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto plan = supervision::read_supervision(config::source(name, text), usual, found);
  if (!plan)
    return fail(fault::invalid, config::render_text(found, 1), "docs/supervision.md shows such a file");
  return std::move(*plan);
}

models::watch_inference timed_in(std::shared_ptr<gateway::metric_sink> metrics) {
  if (!metrics)
    return {};
  return
      [metrics = std::move(metrics)](const std::string& model, const std::string& agent, milliseconds took) {
        gateway::record_inference(*metrics, model, models::domain_of(agent), took);
      };
}

} // namespace

result<std::unique_ptr<hosted_node>> compose_node(const config::node_settings& settings,
                                                  const node_surroundings& around) {
  auto log = around.log.create_service_logger("node");
  auto made = std::make_unique<composed_node>(log);
  auto kinds = kind_registry::of_this_program();
  if (!kinds)
    return tl::unexpected(kinds.error());
  kinds->set_mailbox_max(static_cast<std::uint32_t>(settings.runtime.mailbox_max));
  auto files = workflow_files::open(settings.workflows, around.environment, *kinds);
  if (!files)
    return tl::unexpected(files.error());
  made->files = std::move(*files);
  warn_of_unheeded(*made->files->catalog(), log);
  if (around.tests.upgraded_probes)
    kinds->replace("probe.upgraded", "probe.upgraded-next");
  auto store =
      open_store(settings, around.tests.store, false, [log](const std::string& what) { log.warn(what); });
  if (!store)
    return tl::unexpected(store.error());
  made->store = std::move(store->all);
  made->shared = store->shared;
  const auto speaks_to = models::models_of(settings.default_model);
  if (!speaks_to)
    return tl::unexpected(speaks_to.error());
  auto providers = models::provider_registry::make(*speaks_to, made->clock, made->random, made->waiter);
  if (!providers)
    return tl::unexpected(providers.error());
  made->providers = std::make_unique<models::provider_registry>(std::move(*providers));
  auto builtins = builtin_agents::make(settings, made->clock, around.log.create_service_logger("workflow"));
  if (!builtins)
    return tl::unexpected(builtins.error());
  made->builtins = std::move(*builtins);
  const auto key = open_secret_key(settings.data_dir);
  if (!key)
    return tl::unexpected(key.error());
  made->signer = std::make_shared<gateway::link_signer>(*key);
  made->files->catalog()->keep_secrets_with([vault = &made->builtins->secrets()](auto name, auto bound_to) {
    return vault->make_reference(name, bound_to);
  });
  executors verbs(made->builtins->verbs().begin(), made->builtins->verbs().end());
  auto model =
      std::make_shared<models::model_executor>(*made->providers, made->clock, timed_in(around.metrics));
  verbs["model.generate"] = model;
  verbs["model.embed"] = model;
  verbs["model.predict"] = std::make_shared<models::predict_executor>(
      model, static_cast<int>(settings.default_model.validation_retries));
  verbs["bank.wire"] =
      std::make_shared<floor::simulated_bank>(std::filesystem::path(settings.data_dir) / "bank-ledger.jsonl");
  auto options = options_of(settings, around.tests, log);
  auto supervised = read_groups(settings.supervision.file, options.supervision);
  if (!supervised)
    return tl::unexpected(supervised.error());
  options.supervised = std::move(*supervised);
  if (auto joined = made->join(settings, *kinds, around.log.create_service_logger("cluster"), options);
      !joined)
    return tl::unexpected(joined.error());
  auto& clock = made->side.all ? static_cast<clock_source&>(*made->side.all) : made->clock;
  auto node = local_node::start(std::move(options), std::move(*kinds), *made->store, clock, made->random,
                                std::move(verbs));
  if (!node)
    return tl::unexpected(node.error());
  made->node_ = std::move(*node);
  if (made->shared) {
    made->side.door = std::make_unique<cluster::clustered_node>(*made->node_, *made->side.all);
    made->side.all->attach(*made->node_);
  }
  return std::unique_ptr<hosted_node>(std::move(made));
}

} // namespace troupe::cli
