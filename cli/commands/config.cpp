#include "cli/commands/command.hpp"
#include "config/settings/settings_file.hpp"
#include "config/settings/value.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>

namespace troupe::cli {

namespace {

struct key_options {
  std::string key;
};
struct set_options {
  std::string key;
  std::string value;
};
struct validate_options {
  std::vector<std::string> files;
};

command_result print_rendered(const invocation& run, const std::string& text, const std::string& as_json) {
  auto print = run.print();
  const auto& chosen = print.is_text() ? text : as_json;
  print.text(chosen.ends_with('\n') ? chosen : chosen + "\n");
  return exit_code::done;
}

command_result show(const invocation& run, const no_options&) {
  auto settings = run.read_settings();
  if (!settings)
    return settings.error();
  return print_rendered(run, config::render_text(*settings), config::render_json(*settings));
}

command_result explain(const invocation& run, const key_options& options) {
  auto settings = run.read_settings();
  if (!settings)
    return settings.error();
  auto explained = settings->explain(options.key);
  if (!explained)
    return tl::unexpected(explained.error());
  return print_rendered(run, config::render_text(*explained), config::render_json(*explained));
}

command_result get(const invocation& run, const key_options& options) {
  auto settings = run.read_settings();
  if (!settings)
    return settings.error();
  auto explained = settings->explain(options.key);
  if (!explained)
    return tl::unexpected(explained.error());
  const auto value = config::show_value(explained->of, explained->given.front().value);
  return print_rendered(run, value, json(value).dump());
}

/// Every error of every file at once.
command_result validate(const invocation& run, const validate_options& options) {
  config::diagnostics found;
  auto files = options.files;
  if (files.empty())
    files.push_back(run.flags.config_file.empty() ? "./troupe.yaml" : run.flags.config_file);
  for (const auto& name : files) {
    std::ifstream file(run.path(name));
    if (!file)
      return fail(fault::not_found, "cannot read " + name, "troupe config validate FILE");
    config::source text(name, std::string(std::istreambuf_iterator<char>(file), {}));
    config::read_settings_file(text, config::settings_table(), found);
  }
  print_rendered(run, config::render_text(found, files.size()), config::render_json(found, files.size()));
  return found.errors() > 0 ? exit_code::unmet : exit_code::done;
}

result<bool> replace_file(const std::string& path, const std::string& text) {
  const auto fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << text;
    if (!file.flush())
      return fail(fault::unavailable, "cannot write " + fresh, {});
  }
  std::error_code problem;
  std::filesystem::rename(fresh, path, problem);
  if (problem)
    return fail(fault::unavailable, "cannot write " + path + ": " + problem.message(), {});
  return true;
}

command_result set(const invocation& run, const set_options& options) {
  const auto name = run.flags.config_file.empty() ? std::string("./troupe.yaml") : run.flags.config_file;
  std::ifstream file(run.path(name));
  config::source before(name, std::string(std::istreambuf_iterator<char>(file), {}));
  auto after = config::with_setting(before, options.key, options.value);
  if (!after)
    return tl::unexpected(after.error());
  if (auto written = replace_file(run.path(name), *after); !written)
    return tl::unexpected(written.error());
  run.print().note("written to " + name + "; a running node takes it up when it starts again");
  return exit_code::done;
}

} // namespace

void add_config(CLI::App& root, invocation& run) {
  auto* group =
      root.add_subcommand("config", "Settings: flag > TROUPE_* > ./troupe.yaml > user file > default");
  group->require_subcommand(1);
  group->fallthrough();
  const auto takes_key = [](CLI::App& command, key_options& options) {
    command.add_option("KEY", options.key, "like http.port")->required();
  };
  add_command<no_options>(
      *group, run, "show", "All settings and where each comes from", [](auto&, auto&) {}, show);
  add_command<key_options>(*group, run, "explain", "Which source won for a key", takes_key, explain);
  add_command<key_options>(*group, run, "get", "One value", takes_key, get);
  add_command<set_options>(
      *group, run, "set", "Write one value into ./troupe.yaml, comments kept",
      [](CLI::App& command, set_options& options) {
        command.add_option("KEY", options.key, "like http.port")->required();
        command.add_option("VALUE", options.value, "as it would stand in the file")->required();
      },
      set);
  add_command<validate_options>(
      *group, run, "validate", "Every error of settings files at once",
      [](CLI::App& command, validate_options& options) {
        command.add_option("FILE", options.files, "else ./troupe.yaml");
      },
      validate);
}

} // namespace troupe::cli
