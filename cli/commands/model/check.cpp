#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/verbs.hpp"
#include "cli/console/table.hpp"
#include "kernels/golden/golden.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct check_options {
  std::vector<std::string> cases;
  std::string precision = "f32";
};

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", value);
  return text;
}

std::string text_of(const std::vector<kernels::golden_report>& reports) {
  table lines({"CASE", "ITEM", "WORST", "ALLOWED", "RESULT"});
  for (const auto& report : reports)
    for (const auto& item : report.items)
      lines.row({report.name, item.name, short_number(item.worst), short_number(item.allowed),
                 item.met() ? "ok" : "NOT MET"});
  return lines.text();
}

json json_of(const std::vector<kernels::golden_report>& reports) {
  auto cases = json::array();
  for (const auto& report : reports) {
    auto items = json::array();
    for (const auto& item : report.items)
      items.push_back(
          {{"name", item.name}, {"worst", item.worst}, {"allowed", item.allowed}, {"met", item.met()}});
    cases.push_back({{"case", report.name}, {"met", report.met()}, {"items", std::move(items)}});
  }
  return {{"cases", std::move(cases)}, {"met", std::ranges::all_of(reports, &kernels::golden_report::met)}};
}

command_result check(const invocation& run, const check_options& options) {
  const auto at = options.precision == "serving" ? kernels::precision::serving : kernels::precision::f32;
  std::vector<kernels::golden_report> reports;
  for (const auto& folder : options.cases) {
    const auto report = kernels::check_golden_case(run.path(folder), at);
    if (!report)
      return failed(report);
    reports.push_back(*report);
  }
  auto print = run.print();
  if (print.is_text())
    print.text(text_of(reports));
  else
    print.document(json_of(reports));
  return std::ranges::all_of(reports, &kernels::golden_report::met) ? exit_code::done : exit_code::unmet;
}

} // namespace

void add_model_check(CLI::App& group, invocation& run) {
  add_command<check_options>(
      group, run, "check", "Compare with golden cases; exit 6 past the tolerance",
      [](CLI::App& command, check_options& options) {
        command.add_option("CASE", options.cases, "folders with model/, adapter/ and golden.safetensors")
            ->required();
        command.add_option("--precision", options.precision, "f32 or serving")
            ->check(CLI::IsMember({"f32", "serving"}));
      },
      check);
}

} // namespace troupe::cli
