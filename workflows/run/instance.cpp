#include "workflows/run/instance.hpp"

#include <algorithm>
#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array<std::string_view, 10> names = {"none",          "submitted", "working", "input_required",
                                                    "auth_required", "completed", "failed",  "canceled",
                                                    "rejected",      "skipped"};

} // namespace

std::string_view to_string(run_state s) noexcept { return names[static_cast<std::size_t>(s)]; }

run_state run_state_of(std::string_view text) noexcept {
  const auto found = std::find(names.begin(), names.end(), text);
  return found == names.end() ? run_state::none : static_cast<run_state>(found - names.begin());
}

value to_value(const failure& f) {
  std::vector<std::pair<std::string, value>> fields = {{"kind", value::text(f.kind)},
                                                       {"message", value::text(f.message)}};
  if (!f.agent.empty())
    fields.emplace_back("agent", value::text(f.agent));
  return value::object(std::move(fields));
}

ending ending::completed(value v) { return {run_state::completed, std::move(v), {}}; }
ending ending::failed(failure f) { return {run_state::failed, {}, std::move(f)}; }
ending ending::canceled() { return {run_state::canceled, {}, failure{"canceled", "it was told to end", {}}}; }

std::uint32_t instance::running() const noexcept {
  return static_cast<std::uint32_t>(
      std::count_if(children.begin(), children.end(), [](const auto& c) { return !is_over(c->state); }));
}

bool instance::waits_for(std::string_view name) const noexcept {
  return std::find(waits.begin(), waits.end(), name) != waits.end();
}

std::string child_path(const instance& parent, std::string_view segment) {
  std::string path = parent.path;
  if (!path.empty() && segment.front() != '[')
    path += '/';
  path += segment;
  return path;
}

instance* find_instance(instance& root, std::string_view path) {
  if (root.path == path)
    return &root;
  for (auto& child : root.children) {
    const bool leads_there =
        path.starts_with(child->path) && (path.size() == child->path.size() ||
                                          path[child->path.size()] == '/' || path[child->path.size()] == '[');
    if (leads_there)
      if (auto* found = find_instance(*child, path))
        return found;
  }
  return nullptr;
}

} // namespace troupe::workflow
