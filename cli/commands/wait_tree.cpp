#include "cli/commands/wait_tree.hpp"

#include "cli/console/values.hpp"
#include "config/limits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace troupe::cli {

namespace {

// A service agent may wait for thousands; the picture would be of no use.
constexpr std::size_t tree_agents_max = 256;

class tree_reader {
public:
  explicit tree_reader(node_client& node)
      : node_(node) {}

  result<json> read(const std::string& agent) {
    auto path = agent_path(agent);
    if (!path)
      return tl::unexpected(path.error());
    auto seen = node_.get(*path);
    if (!seen)
      return tl::unexpected(seen.error());
    ++read_;
    on_the_way_.push_back(agent);
    json out{{"id", agent}, {"state", cell(*seen, "state")}, {"waits", json::array()}};
    for (const auto& task : array_at(*seen, "tasks"))
      for (const auto& wait : array_at(task, "waits"))
        out["waits"].push_back(branch(wait));
    on_the_way_.pop_back();
    return out;
  }

private:
  json branch(const json& wait) {
    const auto on = cell(wait, "on");
    json out{{"what", cell(wait, "what")}, {"on", on}};
    if (std::ranges::find(on_the_way_, on) != on_the_way_.end())
      out["loop"] = true;
    else if (worth_reading(on))
      if (auto below = read(on)) // who is waited for need not be an agent: a model, a person
        out["agent"] = std::move(*below);
    return out;
  }

  bool worth_reading(const std::string& on) const {
    return on.find('/') != on.npos && read_ < tree_agents_max && on_the_way_.size() < limits::call_chain_max;
  }

  node_client& node_;
  std::vector<std::string> on_the_way_;
  std::size_t read_ = 0;
};

std::string indented(const json& tree, std::size_t depth) {
  const std::string margin(depth * 2, ' ');
  auto text = margin + cell(tree, "id") + "  " + cell(tree, "state") + "\n";
  for (const auto& wait : array_at(tree, "waits")) {
    text += margin + "  " + cell(wait, "what");
    if (auto on = cell(wait, "on"); !on.empty())
      text += " on " + on;
    text += wait.contains("loop") ? "  (a loop: they wait for each other)\n" : "\n";
    if (wait.contains("agent"))
      text += indented(wait["agent"], depth + 2);
  }
  return text;
}

} // namespace

result<json> read_wait_tree(node_client& node, const std::string& agent) {
  return tree_reader(node).read(agent);
}

std::string wait_tree_text(const json& tree) { return indented(tree, 0); }

} // namespace troupe::cli
