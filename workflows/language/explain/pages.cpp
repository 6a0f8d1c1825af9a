#include "workflows/language/explain/pages.hpp"

#include "config/time_zone/system_zones.hpp"
#include "workflows/language/deploy/deployment.hpp"

#include <algorithm>
#include <vector>

namespace troupe::workflow {
namespace {

std::vector<code_page> gather() {
  std::vector<code_page> all;
  for (const auto& part : {pages_about_shape(), pages_about_references(), pages_about_types(),
                           pages_about_meaning(), pages_about_surroundings(), pages_about_tests()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<config::source> files_of(const code_page& page) {
  constexpr std::string_view mark = "# file: ";
  std::vector<config::source> files;
  std::string name = "flow.yaml";
  std::string text;
  std::string_view rest = page.example;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    if (!line.starts_with(mark)) {
      text += line;
      continue;
    }
    if (!text.empty())
      files.emplace_back(name, std::exchange(text, {}));
    name = std::string(line.substr(mark.size(), line.size() - mark.size() - 1));
  }
  files.emplace_back(name, text);
  return files;
}

// What the examples about surroundings are checked against.
catalogue sample_surroundings() {
  catalogue known;
  known.agents_complete = true;
  known.workflows_complete = true;
  known.models = {{"default"}};
  known.environment = {{"CRM_URL"}};
  known.secrets = {{"CRM_TOKEN"}};
  return known;
}

} // namespace

std::span<const code_page> all_pages() {
  static const std::vector<code_page> all = gather();
  return all;
}

const code_page* find_page(std::string_view code) {
  const auto all = all_pages();
  const auto found = std::find_if(all.begin(), all.end(), [=](const code_page& p) { return p.code == code; });
  return found == all.end() ? nullptr : &*found;
}

std::string findings_of(const code_page& page) {
  auto around = page.code >= "TW4" ? sample_surroundings() : catalogue{};
  around.zones = std::make_shared<time_zone::system_zones>();
  const deployment checked = check_deployment(files_of(page), around);
  std::string text;
  for (const config::diagnostic& d : checked.found.items())
    text += config::render_text(d);
  return text;
}

std::string render_page(const code_page& page) {
  std::string text =
      "# " + std::string(page.code) + ": " + std::string(page.title) + "\n\n" + std::string(page.text) + "\n";
  if (!page.example.empty())
    text += "\n```yaml\n" + std::string(page.example) + "```\n\n```\n" + findings_of(page) + "```\n";
  return text;
}

std::string render_index() {
  std::string text =
      "# Codes of findings\n\nWhat `troupe validate` says about workflows and agent files, by code; "
      "`troupe explain CODE` prints a page. Codes that begin with TC are about YAML and settings "
      "([config.md](../config.md)). A code never changes its meaning.\n\n| code | what |\n|---|---|\n";
  for (const code_page& page : all_pages())
    text += "| [" + std::string(page.code) + "](" + std::string(page.code) + ".md) | " +
            std::string(page.title) + " |\n";
  return text;
}

} // namespace troupe::workflow
