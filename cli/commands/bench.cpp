#include "cli/commands/command.hpp"
#include "cli/commands/disk_probe.hpp"
#include "cli/console/table.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

using clock = std::chrono::steady_clock;

struct bench_options {
  std::size_t rounds = 200;
  std::string agent;
  std::string type;
};

struct measured {
  std::string name;
  latencies times; // ascending
};

double rate_of(const latencies& times) {
  std::chrono::microseconds all{0};
  for (auto time : times)
    all += time;
  return all.count() == 0 ? 0 : static_cast<double>(times.size()) * 1e6 / static_cast<double>(all.count());
}

/// The same call again and again, one at a time; the first, which opens the connection, does not count.
result<latencies> time_calls(node_client& node, const http_call& call, std::size_t rounds) {
  latencies times;
  for (std::size_t i = 0; i <= rounds; ++i) {
    const auto begun = clock::now();
    auto answered = node.send(call).and_then(read_reply);
    if (!answered)
      return tl::unexpected(answered.error());
    if (i > 0)
      times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun));
  }
  std::ranges::sort(times);
  return times;
}

result<http_call> message_call(const bench_options& options) {
  auto path = agent_path(options.agent);
  if (!path)
    return tl::unexpected(path.error());
  http_call call;
  call.method = "POST";
  call.target = *path + "/messages";
  call.body = json{{"type", options.type}}.dump();
  return call;
}

json json_of(const std::vector<measured>& all) {
  auto rows = json::array();
  for (const auto& one : all)
    rows.push_back({{"name", one.name},
                    {"rounds", one.times.size()},
                    {"per_second", rate_of(one.times)},
                    {"p50_us", percentile(one.times, 0.5).count()},
                    {"p99_us", percentile(one.times, 0.99).count()}});
  return {{"results", std::move(rows)}};
}

std::string text_of(const std::vector<measured>& all) {
  table lines({"WHAT", "ROUNDS", "PER SECOND", "P50 US", "P99 US"});
  for (const auto& one : all)
    lines.row({one.name, std::to_string(one.times.size()),
               std::to_string(static_cast<long>(rate_of(one.times))),
               std::to_string(percentile(one.times, 0.5).count()),
               std::to_string(percentile(one.times, 0.99).count())});
  return lines.text();
}

/// The door alone, then durable messages if an agent for them was named.
result<std::vector<measured>> measure_node(const invocation& run, const bench_options& options) {
  std::vector<measured> all;
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto door = time_calls(*node, {"GET", "/livez", {}, {}, std::chrono::milliseconds(5'000)}, options.rounds);
  if (!door)
    return tl::unexpected(door.error());
  all.push_back({"HTTP round trip", std::move(*door)});
  if (options.agent.empty())
    return all;
  auto call = message_call(options);
  if (!call)
    return tl::unexpected(call.error());
  auto durable = time_calls(*node, *call, options.rounds);
  if (!durable)
    return tl::unexpected(durable.error());
  all.push_back({"durable message, one at a time", std::move(*durable)});
  return all;
}

command_result bench(const invocation& run, const bench_options& options) {
  auto settings = run.read_settings();
  if (!settings)
    return settings.error();
  auto disk = measure_fdatasync(run.path(settings->text("data.dir")), options.rounds);
  if (!disk)
    return tl::unexpected(disk.error());
  std::vector<measured> all{{"fdatasync of 4 KiB", std::move(*disk)}};
  auto print = run.print();
  if (auto node = measure_node(run, options))
    std::ranges::move(*node, std::back_inserter(all));
  else if (options.agent.empty() && node.error().what == fault::unavailable)
    print.note("no node runs here: only the disk was measured");
  else
    return tl::unexpected(node.error());
  if (print.is_text())
    print.text(text_of(all));
  else
    print.document(json_of(all));
  return exit_code::done;
}

} // namespace

void add_bench(CLI::App& root, invocation& run) {
  add_command<bench_options>(
      root, run, "bench", "What this disk and this node can do, one thing at a time",
      [](CLI::App& command, bench_options& options) {
        command.add_option("--rounds", options.rounds, "how often each")->check(CLI::Range(1, 100'000));
        auto* type = command.add_option("--type", options.type, "the handler of those messages");
        auto* agent = command.add_option("--to", options.agent, "also send durable messages to this agent");
        agent->needs(type);
        type->needs(agent);
      },
      bench);
}

} // namespace troupe::cli
