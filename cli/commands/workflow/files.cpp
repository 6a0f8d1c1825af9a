#include "cli/commands/workflow/files.hpp"

#include "config/limits.hpp"
#include "gateway/http/target.hpp"
#include "runtime/agent/kind.hpp"
#include "workflows/language/check/catalogue.hpp"

#include <filesystem>
#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>

namespace troupe::cli {

result<config::source> read_source(const invocation& run, const std::string& name) {
  std::string text(limits::document_bytes_max + 1, '\0');
  const auto read = [&](std::istream& from) {
    from.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(from.gcount()));
  };
  if (name == "-") {
    read(run.world.in);
    return config::source("<stdin>", std::move(text));
  }
  std::ifstream file(run.path(name), std::ios::binary);
  if (!file || std::filesystem::is_directory(run.path(name)))
    return fail(fault::not_found, "cannot read " + name);
  read(file);
  return config::source(name, std::move(text));
}

result<bool> replace_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::trunc | std::ios::binary);
    file << text;
    if (!file.flush())
      return fail(fault::unavailable, "cannot write " + fresh);
  }
  std::error_code problem;
  std::filesystem::rename(fresh, path, problem);
  if (problem)
    return fail(fault::unavailable, "cannot write " + path + ": " + problem.message());
  return true;
}

command_result print_findings(const invocation& run, const config::diagnostics& found, std::size_t files) {
  auto print = run.print();
  print.text(print.is_text() ? config::render_text(found, files) : config::render_json(found, files) + "\n");
  return found.errors() > 0 ? exit_code::unmet : exit_code::done;
}

result<config::source> find_workflow_source(const invocation& run, const std::string& name) {
  std::error_code ignored;
  if (name == "-" || std::filesystem::is_regular_file(run.path(name), ignored))
    return read_source(run, name);
  auto node = run.node();
  if (!node)
    return fail(fault::not_found,
                "there is no file " + name + ", and no node to ask for a workflow of that name",
                node.error().message);
  auto found = node->get("/v1/workflows/" + gateway::percent_encode(name));
  if (!found)
    return tl::unexpected(found.error());
  return config::source(name, found->at("definition").dump());
}

void add_kinds(workflow::catalogue& to) {
  const auto kinds = kind_registry::of_this_program();
  if (!kinds)
    return;
  for (const auto* spec : kinds->all())
    to.agents[spec->name].open = true;
}

} // namespace troupe::cli
