#include "cli/commands/command.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "config/expression/moment.hpp"
#include "config/limits.hpp"
#include "config/time_zone/system_zones.hpp"
#include "workflows/schedule/cron.hpp"

#include <CLI/CLI.hpp>
#include <istream>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct next_options {
  std::string cron;
  std::string zone = "UTC";
  std::string after; // else now
  std::size_t count = 5;
  bool from_lines = false;
};

/// What is asked for, and by whom it was found wrong.
struct question {
  std::string cron;
  std::string zone;
  instant after;
  std::size_t count = 0;
};

struct refused {
  std::string message;
  std::string hint;
  std::size_t at = 0; // byte of the cron expression
};

std::string shown(instant t) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
  return expression::format(expression::timestamp{seconds, 0});
}

result<instant> read_instant(const std::string& text) {
  const auto read = expression::parse_timestamp(text);
  if (!read)
    return fail(fault::invalid, "\"" + text + "\" is no instant", "2026-11-20T18:38:00Z");
  return from_ms(read->seconds * 1'000 + read->nanos / 1'000'000);
}

using times = std::vector<instant>;

/// The next one, however far it is, and those that follow within the outlook.
tl::expected<times, refused> coming(const question& asked, const time_zone::zone_source& zones) {
  const auto when = workflow::cron::parse(asked.cron);
  if (!when)
    return tl::unexpected(refused{when.error().message, when.error().hint, when.error().begin});
  const auto zone = zones.find(asked.zone);
  if (!zone)
    return tl::unexpected(refused{zone.error().message, zone.error().hint, 0});
  const instant outlook =
      later(asked.after, std::chrono::duration_cast<milliseconds>(limits::schedule_outlook));
  times found;
  auto next = when->next(asked.after, never, **zone);
  while (next && found.size() < asked.count) {
    found.push_back(*next);
    next = when->next(*next, outlook, **zone);
  }
  return found;
}

json failure(const std::string& message, std::size_t at) {
  return {{"error", {{"code", "invalid"}, {"message", message}, {"at", at}}}};
}

json answer_of(const tl::expected<times, refused>& found) {
  if (!found)
    return failure(found.error().message, found.error().at);
  auto next = json::array();
  for (const instant t : *found)
    next.push_back(shown(t));
  return {{"next", std::move(next)}};
}

result<question> read_question(const json& row, instant now) {
  const auto text_of = [&](const char* name) -> result<std::string> {
    if (!row.contains(name))
      return std::string();
    if (!row[name].is_string())
      return fail(fault::invalid, "\"" + std::string(name) + "\" is text");
    return row[name].get<std::string>();
  };
  if (!row.is_object() || !row.contains("cron"))
    return fail(fault::invalid, "a line is {\"cron\", \"timezone\", \"after\", \"count\"}");
  const auto cron = text_of("cron"), zone = text_of("timezone"), after = text_of("after");
  for (const auto* given : {&cron, &zone, &after}) {
    if (!*given)
      return tl::unexpected(given->error());
  }
  question asked{*cron, zone->empty() ? "UTC" : *zone, now, next_options().count};
  if (!after->empty()) {
    const auto read = read_instant(*after);
    if (!read)
      return tl::unexpected(read.error());
    asked.after = *read;
  }
  if (row.contains("count")) {
    const json& count = row["count"];
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() > limits::schedule_listed_max)
      return fail(fault::invalid,
                  "\"count\" is a number up to " + std::to_string(limits::schedule_listed_max));
    asked.count = count.get<std::size_t>();
  }
  return asked;
}

command_result answer_lines(const invocation& run, const time_zone::zone_source& zones) {
  auto print = run.print();
  for (std::string line; std::getline(run.world.in, line);) {
    const auto asked = read_question(json::parse(line, nullptr, false), run.world.clock->now());
    print.stream_line(asked ? answer_of(coming(*asked, zones)) : failure(asked.error().message, 0));
  }
  return exit_code::done;
}

/// "2026-03-29T01:00:00Z  Sun 03:00 +02:00"
std::string line_of(instant t, const time_zone::zone& in) {
  constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::int64_t seconds = to_ms(t) / 1'000;
  const std::int32_t offset = in.offset_at(seconds);
  const auto local = expression::wall_clock_of(seconds, offset);
  const std::int32_t size = offset < 0 ? -offset : offset;
  return shown(t) + "  " + std::string(weekdays[static_cast<std::size_t>(local.weekday)]) + " " +
         two(local.hour) + ":" + two(local.minute) + " " + (offset < 0 ? "-" : "+") + two(size / 3'600) +
         ":" + two(size / 60 % 60) + "\n";
}

command_result next(const invocation& run, const next_options& options) {
  const time_zone::system_zones zones;
  if (options.from_lines)
    return answer_lines(run, zones);
  if (options.cron.empty())
    return fail(fault::invalid, "there is no cron expression",
                "troupe workflow schedule next '0 7 * * MON-FRI'");
  question asked{options.cron, options.zone, run.world.clock->now(), options.count};
  if (!options.after.empty()) {
    const auto read = read_instant(options.after);
    if (!read)
      return tl::unexpected(read.error());
    asked.after = *read;
  }
  const auto found = coming(asked, zones);
  if (!found)
    return fail(fault::invalid, found.error().message, found.error().hint);
  auto print = run.print();
  if (!print.is_text()) {
    print.document(answer_of(found));
    return exit_code::done;
  }
  const auto zone = zones.find(asked.zone).value();
  for (const instant t : *found)
    print.text(line_of(t, *zone));
  return exit_code::done;
}

} // namespace

void add_workflow_schedule(CLI::App& group, invocation& run) {
  auto* schedule = group.add_subcommand("schedule", "When workflows start by themselves");
  schedule->require_subcommand(1);
  schedule->fallthrough();
  add_schedule_verbs(*schedule, run);
  add_command<next_options>(
      *schedule, run, "next", "When a cron expression comes next",
      [](CLI::App& command, next_options& options) {
        command.add_option("CRON", options.cron, "minute, hour, day of month, month, day of week; or @daily");
        command.add_option("--timezone", options.zone, "such as Europe/Paris; else UTC");
        command.add_option("--after", options.after, "an instant; else now");
        command.add_option("--count", options.count, "how many, 5 unless told")
            ->check(CLI::Range(std::size_t{1}, limits::schedule_listed_max));
        command.add_flag("--jsonl", options.from_lines,
                         "standard input: a line {\"cron\", \"timezone\", \"after\", \"count\"} gives one "
                         "{\"next\"} or {\"error\"}");
      },
      next);
}

} // namespace troupe::cli
