#include "gateway/metrics/node_metrics.hpp"

#include <array>

namespace troupe::gateway {

namespace {

const metric messages_total{metric_kind::counter, "troupe_messages_total",
                            "Durable messages of this store by what became of them: "
                            "sent = applied + skipped + dead_lettered + pending."};
const metric messages_pending{metric_kind::gauge, "troupe_messages_pending", "Accepted, not yet applied."};
const metric store_commits{metric_kind::counter, "troupe_store_commits_total",
                           "Groups written since the store was created."};
const metric agents_active{metric_kind::gauge, "troupe_agents_active", "Agents in memory on this node."};
const metric turns_total{metric_kind::counter, "troupe_turns_total", "Turns run since the node started."};
const metric commits_total{metric_kind::counter, "troupe_turn_commits_total",
                           "Turns made durable by this node."};
const metric repeated_total{metric_kind::counter, "troupe_effects_repeated_total",
                            "Outside effects asked for again under the same key after a crash in flight."};
const metric dropped_total{metric_kind::counter, "troupe_ephemeral_dropped_total",
                           "Ephemeral messages that reached nobody, since the node started."};
const metric crashes_total{metric_kind::counter, "troupe_agent_crashes_total",
                           "Turns that brought their agent down."};
const metric node_epoch{metric_kind::gauge, "troupe_node_epoch", "Which opening of the store this is."};
const metric node_started{metric_kind::gauge, "troupe_node_start_time_seconds",
                          "When the node started, Unix time."};
const metric node_state{metric_kind::gauge, "troupe_node_state", "1 for the state the node is in."};
const metric connections_open{metric_kind::gauge, "troupe_http_connections", "Connections open now."};
const metric build_info{metric_kind::gauge, "troupe_build_info",
                        "Always 1; the label says which version runs."};

constexpr std::array<std::string_view, 6> node_states{"joining",  "up",          "cordoned",
                                                      "draining", "unreachable", "left"};

void record_ledger(metric_sink& sink, const journal::ledger& totals) {
  const auto raise = [&](const char* outcome, std::uint64_t total) {
    sink.count_to(messages_total, {{"outcome", outcome}}, static_cast<double>(total));
  };
  raise("sent", totals.sent);
  raise("applied", totals.applied);
  raise("skipped", totals.skipped);
  raise("dead_lettered", totals.dead_lettered);
  sink.set(messages_pending, {}, static_cast<double>(totals.pending));
  sink.count_to(store_commits, {}, static_cast<double>(totals.commits));
}

} // namespace

void record_node(metric_sink& sink, const node_view& node) {
  record_ledger(sink, node.totals);
  sink.set(agents_active, {}, static_cast<double>(node.active_agents));
  sink.count_to(turns_total, {}, static_cast<double>(node.turns));
  sink.count_to(commits_total, {}, static_cast<double>(node.commits));
  sink.count_to(repeated_total, {}, static_cast<double>(node.effects_repeated));
  sink.count_to(dropped_total, {}, static_cast<double>(node.ephemeral_dropped));
  sink.count_to(crashes_total, {}, static_cast<double>(node.crashes));
  sink.set(node_epoch, {}, static_cast<double>(node.epoch));
  sink.set(node_started, {}, static_cast<double>(to_ms(node.started)) / 1000.0);
  for (auto state : node_states)
    sink.set(node_state, {{"state", std::string(state)}}, node.state == state ? 1 : 0);
}

void record_connections(metric_sink& sink, std::size_t open) {
  sink.set(connections_open, {}, static_cast<double>(open));
}

void record_build(metric_sink& sink, std::string_view version) {
  sink.set(build_info, {{"version", std::string(version)}}, 1);
}

} // namespace troupe::gateway
