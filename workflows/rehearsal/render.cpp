#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/rehearsal/rehearsal.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

std::string scalar(const json& v) { return v.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Maps one entry a line, two spaces a level; lists on one line while they are short.
void write_value(const json& v, const std::string& indent, std::string& into) {
  if (!v.is_object() || v.empty()) {
    into += indent + scalar(v) + "\n";
    return;
  }
  for (const auto& [name, item] : v.items()) {
    if (item.is_object() && !item.empty()) {
      into += indent + name + ":\n";
      write_value(item, indent + "  ", into);
    } else {
      into += indent + name + ": " + scalar(item) + "\n";
    }
  }
}

} // namespace

std::string render_text(const plan& of, const std::vector<rehearsed>& all) {
  std::string text = of.name + (of.version > 0 ? ", version " + std::to_string(of.version) : "") +
                     ": what a run would do. Nothing is done now; ‹…› is known only then.\n\n";
  for (const auto& step : all) {
    const std::string indent(2 * step.depth, ' ');
    text += indent + (step.title.empty() ? "" : step.title + ": ") + step.does;
    for (const auto& remark : step.remarks)
      text += "; " + remark;
    text += "\n";
    if (!step.with.empty() && step.with != "{}")
      write_value(read_json(step.with), indent + "    ", text);
    if (!step.gives.empty())
      text += indent + "    → " + step.gives + "\n";
  }
  return text;
}

std::string render_json(const plan& of, const std::vector<rehearsed>& all) {
  auto steps = json::array();
  for (const auto& step : all) {
    auto made = object("depth", step.depth, "path", step.path, "title", step.title, "does", step.does,
                       "remarks", step.remarks);
    if (!step.with.empty())
      made["with"] = read_json(step.with);
    if (!step.gives.empty())
      made["gives"] = read_json(step.gives);
    steps.push_back(std::move(made));
  }
  return object("workflow", of.name, "version", of.version, "steps", std::move(steps)).dump() + "\n";
}

} // namespace troupe::workflow
