#include "cli/commands/command.hpp"
#include "cli/commands/event_feed.hpp"
#include "cli/commands/inspect_text.hpp"
#include "cli/console/values.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr std::chrono::milliseconds follow_pause{500}; // how stale a followed log may be

struct logs_options {
  std::string agent;
  bool follow = false;
};

void print_events(printer& print, const std::vector<json>& events) {
  for (const auto& event : events) {
    if (print.is_text())
      print.text(event_line(event));
    else
      print.stream_line(event);
  }
}

/// Everything known so far, as one document or as lines.
void print_past(printer& print, const std::vector<json>& events, bool follow) {
  if (print.format() == output_format::json && !follow)
    return print.document(json{{"items", events}, {"count", events.size()}, {"complete", true}});
  print_events(print, events);
}

command_result logs(const invocation& run, const logs_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  event_feed feed(*node);
  auto print = run.print();
  auto past = feed.fresh(options.agent);
  if (!past)
    return tl::unexpected(past.error());
  print_past(print, *past, options.follow);
  print.note(counted(past->size(), "event") + ", complete");
  while (options.follow && run.world.pause(follow_pause)) {
    auto more = feed.fresh(options.agent);
    if (!more)
      return tl::unexpected(more.error());
    print_events(print, *more);
  }
  return exit_code::done;
}

} // namespace

void add_logs(CLI::App& root, invocation& run) {
  add_command<logs_options>(
      root, run, "logs", "What happened to an agent, line by line",
      [](CLI::App& command, logs_options& options) {
        command.add_option("AGENT", options.agent, "KIND/KEY")->required();
        command.add_flag("-f,--follow", options.follow, "go on with what happens next");
      },
      logs);
}

} // namespace troupe::cli
