// Any bytes as a workflow or agent file: findings whose places lie in it, or a plan whose own text gives the
// same plan again; what formatting and conversion make of it says the same.
#include "workflows/language/deploy/deployment.hpp"
#include "workflows/language/language.hpp"
#include "workflows/language/rewrite/convert.hpp"
#include "workflows/language/rewrite/format.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe;

void require(bool holds) {
  if (!holds)
    std::abort();
}

workflow::deployment check(const std::string& name, const std::string& text) {
  std::vector<config::source> files;
  files.emplace_back(name, text);
  return workflow::check_deployment(std::move(files), {});
}

void check_places(const config::diagnostics& found, std::size_t size) {
  for (const auto& d : found.items())
    require(!d.where || (d.where->begin.offset <= d.where->end.offset && d.where->end.offset <= size));
}

std::string json_of(const std::string& text) {
  config::diagnostics found;
  const auto parsed = config::parse_document(config::source("again.yaml", text), found);
  require(parsed.has_value());
  return config::to_json(parsed->root()).value_or("");
}

void check_rewriting(const config::document& file) {
  const auto json = config::to_json(file.root());
  if (!json)
    return;
  require(json_of(workflow::as_yaml(file.root())) == *json);
  config::diagnostics found;
  const auto formatted = workflow::format_file(file.in(), found);
  require(formatted && json_of(*formatted) == *json);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto checked = check("flow.yaml", text);
  check_places(checked.found, size);
  for (const auto& [name, plan] : checked.workflows) {
    const auto again = check("again.json", plan->text);
    require(again.workflows.contains(name) && again.workflows.at(name)->hash == plan->hash);
  }
  config::diagnostics found;
  if (const auto parsed = config::parse_document(config::source("flow.yaml", text), found))
    check_rewriting(*parsed);
  return 0;
}
