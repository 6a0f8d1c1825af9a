#include "cli/commands/command.hpp"
#include "cli/commands/event_feed.hpp"
#include "cli/commands/inspect_text.hpp"
#include "cli/console/values.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr std::chrono::milliseconds follow_pause{500};

struct trace_options {
  std::string id;
  bool follow = false;
  std::size_t agents = 1'000;
};

/// Events of one correlation id over many agents, oldest first; what was given out is not given out again.
class trace_reader {
public:
  trace_reader(node_client& node, const trace_options& options)
      : node_(node)
      , feed_(node)
      , options_(options) {}

  result<std::vector<json>> fresh() {
    auto agents = fetch_list(node_, "/v1/agents", {}, options_.agents);
    if (!agents)
      return tl::unexpected(agents.error());
    complete_ = agents->complete;
    std::vector<json> found;
    for (const auto& agent : agents->items) {
      auto events = feed_.fresh(cell(agent, "id"));
      if (!events && events.error().what == fault::not_found) // purged between the two questions
        continue;
      if (!events)
        return tl::unexpected(events.error());
      std::ranges::copy_if(*events, std::back_inserter(found),
                           [&](const json& event) { return cell(event, "trace") == options_.id; });
    }
    std::ranges::stable_sort(found, {}, [](const json& event) { return cell(event, "at"); });
    return found;
  }

  bool complete() const noexcept { return complete_; }

private:
  node_client& node_;
  event_feed feed_;
  const trace_options& options_;
  bool complete_ = true;
};

void print_events(printer& print, const std::vector<json>& events) {
  for (const auto& event : events) {
    if (!print.is_text()) {
      print.stream_line(event);
      continue;
    }
    auto shown = event;
    shown.erase("trace"); // the same in every line
    shown["kind"] = cell(event, "agent") + "  " + cell(event, "kind");
    print.text(event_line(shown));
  }
}

command_result trace(const invocation& run, const trace_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  trace_reader reader(*node, options);
  auto print = run.print();
  auto past = reader.fresh();
  if (!past)
    return tl::unexpected(past.error());
  if (past->empty() && !options.follow)
    return fail(fault::not_found, "no event carries the correlation id " + options.id,
                reader.complete() ? "troupe send prints it with -o json"
                                  : "look at more agents: raise --agents");
  if (print.format() == output_format::json && !options.follow)
    print.document(json{{"items", *past}, {"count", past->size()}, {"complete", reader.complete()}});
  else
    print_events(print, *past);
  print.note(counted(past->size(), "event") +
             (reader.complete() ? ", complete" : ", not all agents were looked at: raise --agents"));
  while (options.follow && run.world.pause(follow_pause)) {
    auto more = reader.fresh();
    if (!more)
      return tl::unexpected(more.error());
    print_events(print, *more);
  }
  return exit_code::done;
}

} // namespace

void add_trace(CLI::App& root, invocation& run) {
  add_command<trace_options>(
      root, run, "trace", "What one correlation id set off, across agents",
      [](CLI::App& command, trace_options& options) {
        command.add_option("ID", options.id, "the correlation id")->required();
        command.add_flag("-f,--follow", options.follow, "go on with what happens next");
        command.add_option("--agents", options.agents, "in how many agents to look")
            ->check(CLI::Range(1, 1'000'000));
      },
      trace);
}

} // namespace troupe::cli
