#include "cli/commands/command.hpp"
#include "config/diagnostic/codes.hpp"
#include "config/diagnostic/suggestion.hpp"
#include "workflows/language/explain/pages.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct explain_options {
  std::string code;
};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::vector<std::string_view> every_code() {
  std::vector<std::string_view> all;
  for (const auto& entry : config::all_codes())
    all.push_back(entry.code);
  for (const auto& page : workflow::all_pages())
    all.push_back(page.code);
  return all;
}

command_result print_page(const invocation& run, const workflow::code_page& page) {
  auto print = run.print();
  if (print.is_text())
    print.text(workflow::render_page(page));
  else
    print.document({{"code", page.code},
                    {"title", page.title},
                    {"text", page.text},
                    {"example", page.example},
                    {"findings", workflow::findings_of(page)}});
  return exit_code::done;
}

command_result explain(const invocation& run, const explain_options& options) {
  const std::string code = upper(options.code);
  if (const auto* page = workflow::find_page(code))
    return print_page(run, *page);
  for (const auto& entry : config::all_codes()) {
    if (entry.code != code)
      continue;
    auto print = run.print();
    if (print.is_text())
      print.text("# " + code + "\n\n" + std::string(entry.meaning) + "\n");
    else
      print.document({{"code", code}, {"text", entry.meaning}});
    return exit_code::done;
  }
  return fail(fault::not_found, "there is no code " + options.code, config::did_you_mean(code, every_code()));
}

} // namespace

void add_explain(CLI::App& root, invocation& run) {
  add_command<explain_options>(
      root, run, "explain", "What a code such as TW2103 means, with an example",
      [](CLI::App& command, explain_options& options) {
        command.add_option("CODE", options.code, "as findings show it in brackets")->required();
      },
      explain);
}

} // namespace troupe::cli
