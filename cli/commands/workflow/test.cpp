#include "cli/commands/command.hpp"
#include "cli/commands/workflow/files.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "config/time_zone/system_zones.hpp"
#include "gateway/http/target.hpp"
#include "workflows/language/deploy/deployment.hpp"
#include "workflows/language/deploy/find_files.hpp"
#include "workflows/language/deploy/find_tests.hpp"
#include "workflows/language/language.hpp"
#include "workflows/testing/record.hpp"
#include "workflows/testing/report.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct test_options {
  std::vector<std::string> files;
  std::vector<std::string> agents;
  std::vector<std::string> workflows;
  std::string only;
  std::string output;
  std::string record;
  bool coverage = false;
};

/// What the tests of a folder are of lies beside them, or above a folder `tests`.
std::vector<std::string> deployed_with(const workflow::test_folder& in, const test_options& options) {
  auto all = in.files; // first: findings name them as they were given
  all.push_back(in.folder);
  const std::filesystem::path folder(in.folder);
  if (folder.filename() == "tests")
    all.push_back(folder.has_parent_path() ? folder.parent_path().string() : ".");
  all.insert(all.end(), options.workflows.begin(), options.workflows.end());
  return all;
}

result<workflow::deployment> read_folder(const invocation& run, const workflow::test_folder& in,
                                         const test_options& options) {
  const auto named = deployed_with(in, options);
  auto files = workflow::find_files(named, options.agents, run.world.directory);
  if (!files)
    return tl::unexpected(files.error());
  workflow::catalogue around;
  around.tested_complete = true; // agents and other workflows may be mocked: who is asked in vain is told
  around.zones = std::make_shared<time_zone::system_zones>();
  add_kinds(around);
  return workflow::check_deployment(std::move(files->files), around);
}

/// Every folder's tests; nothing when a file is wrong: that has been said then.
result<std::vector<workflow::suite_result>> run_all(const invocation& run,
                                                    const std::vector<workflow::test_folder>& folders,
                                                    const test_options& options, bool& sound) {
  std::vector<workflow::suite_result> all;
  for (const auto& in : folders) {
    const auto around = read_folder(run, in, options);
    if (!around)
      return tl::unexpected(around.error());
    if (!around->found.empty())
      run.print().note(config::render_text(around->found, around->files));
    sound = sound && around->sound();
    if (!around->sound())
      continue;
    for (const auto& tests : around->tests)
      if (std::find(in.files.begin(), in.files.end(), tests->file) != in.files.end())
        all.push_back(workflow::run_tests(*tests, *around, options.only));
  }
  return all;
}

std::string rendered(const invocation& run, const std::vector<workflow::suite_result>& all,
                     const test_options& options) {
  const auto& format = options.output.empty() ? run.flags.output : options.output;
  if (format == "json")
    return workflow::render_json(all);
  if (format == "junit")
    return workflow::render_junit(all);
  const auto print = run.print();
  std::string text;
  std::size_t tests = 0;
  std::size_t failed = 0;
  for (const auto& suite : all) {
    text += workflow::render_text(suite, options.coverage, [&](std::string_view word, bool good) {
      return print.painted(word, good ? ink::good : ink::bad);
    });
    tests += suite.cases.size();
    failed += suite.failed();
  }
  return text + std::to_string(tests) + (tests == 1 ? " test, " : " tests, ") +
         std::to_string(tests - failed) + " passed, " + std::to_string(failed) + " failed\n";
}

/// A test made of how a run went, for whoever likes to keep it.
command_result record(const invocation& run, const std::string& id) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  const auto view = node->get("/v1/runs/" + gateway::percent_encode(id));
  if (!view)
    return tl::unexpected(view.error());
  auto source = find_workflow_source(run, view->value("workflow", ""));
  if (!source)
    return tl::unexpected(source.error());
  config::diagnostics found;
  const auto plan = workflow::parse_workflow(std::move(*source), found);
  if (!plan)
    return fail(fault::refused, "this troupe cannot read the workflow that the node has");
  const auto text = workflow::record_test(*plan, view->dump());
  if (!text)
    return tl::unexpected(text.error());
  run.print().text(*text);
  return exit_code::done;
}

command_result test(const invocation& run, const test_options& options) {
  if (!options.record.empty())
    return record(run, options.record);
  if (options.files.empty())
    return fail(fault::invalid, "no file of tests is given", "troupe workflow test FILE|DIR…");
  const auto folders = workflow::find_tests(options.files, run.world.directory);
  if (!folders)
    return tl::unexpected(folders.error());
  bool good = true;
  const auto all = run_all(run, *folders, options, good);
  if (!all)
    return tl::unexpected(all.error());
  std::size_t tests = 0;
  for (const auto& suite : *all) {
    tests += suite.cases.size();
    good = good && suite.failed() == 0;
  }
  if (good && tests == 0)
    return fail(fault::not_found, "no test has \"" + options.only + "\" in its name");
  run.print().text(rendered(run, *all, options));
  return good ? exit_code::done : exit_code::unmet;
}

} // namespace

void add_workflow_test(CLI::App& group, invocation& run) {
  add_command<test_options>(
      group, run, "test", "Run files of tests in virtual time; exit 6 if one fails",
      [](CLI::App& command, test_options& options) {
        command.add_option("FILE", options.files, "files of tests, or folders that hold some");
        command.add_option("--agents", options.agents,
                           "folders of agent files, besides agents/ beside each file");
        command.add_option("--workflows", options.workflows, "folders of workflows, besides each file's own");
        command.add_option("--only", options.only, "only tests with this in their name");
        command.add_option("--record", options.record,
                           "print a file of tests made of this run, and run none");
        command.add_flag("--coverage", options.coverage, "name the branches that no test took");
        command.add_option("-o,--output", options.output, "text, json or junit")
            ->check(CLI::IsMember({"text", "json", "junit"}));
      },
      test);
}

} // namespace troupe::cli
