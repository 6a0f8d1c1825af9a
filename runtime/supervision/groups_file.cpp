#include "runtime/supervision/groups_file.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/diagnostic/suggestion.hpp"
#include "config/document/document.hpp"
#include "config/settings/units.hpp"

#include <algorithm>
#include <array>

namespace troupe::supervision {
namespace {

using config::entry;
using config::node;
using config::node_kind;
namespace codes = config::codes;

constexpr std::array<std::string_view, 6> policy_keys{"strategy", "restart",         "max_restarts",
                                                      "within",   "backoff_initial", "backoff_max"};

/// A trial tree restarts nobody.
class no_random final : public random_source {
public:
  std::uint64_t next() override { return 0; }
};

class plan_reader {
public:
  plan_reader(const supervision_policy& usual, config::diagnostics& found)
      : usual_(usual)
      , found_(found) {}

  supervision_plan read(const node& root) {
    supervision_plan plan;
    if (root.is(node_kind::null))
      return plan;
    if (!expect(root, node_kind::map, "groups and kinds"))
      return plan;
    for (const entry& e : root.entries()) {
      if (e.key.text() == "kinds")
        read_kinds(e.value, plan);
      else if (e.key.text() == "groups")
        read_groups(e.value, plan);
      else
        unknown(e.key, std::array<std::string_view, 2>{"groups", "kinds"});
    }
    return plan;
  }

private:
  void complain(const node& at, std::string_view code, std::string what, std::string hint = {}) {
    found_.add(config::make_error(at.in(), at.where(), code, std::move(what), std::move(hint)));
  }

  template<std::size_t N>
  void unknown(const node& key, const std::array<std::string_view, N>& known) {
    complain(key, codes::unknown_setting, "there is no \"" + std::string(key.text()) + "\" here",
             config::did_you_mean(key.text(), {known.begin(), known.end()}));
  }

  bool expect(const node& value, node_kind kind, const std::string& what) {
    if (value.is(kind))
      return true;
    complain(value, codes::wrong_type, "this must be " + what);
    return false;
  }

  void read_kinds(const node& map, supervision_plan& plan) {
    if (!expect(map, node_kind::map, "a policy for each kind"))
      return;
    for (const entry& e : map.entries()) {
      if (!expect(e.value, node_kind::map, "a policy"))
        continue;
      auto policy = usual_;
      for (const entry& p : e.value.entries())
        read_policy(p, policy);
      plan.kinds[std::string(e.key.text())] = checked(e.key, policy);
    }
  }

  void read_groups(const node& list, supervision_plan& plan) {
    if (!expect(list, node_kind::list, "a list of groups"))
      return;
    for (const node& item : list.items())
      if (expect(item, node_kind::map, "a group with a name and children"))
        plan.groups.push_back(read_group(item));
  }

  group_spec read_group(const node& map) {
    group_spec group;
    group.policy = usual_;
    for (const entry& e : map.entries()) {
      if (e.key.text() == "name")
        group.name = std::string(e.value.text());
      else if (e.key.text() == "children")
        read_children(e.value, group);
      else
        read_policy(e, group.policy);
    }
    if (group.name.empty())
      complain(map, codes::bad_value, "a group needs a name", "name: desk");
    if (group.children.empty())
      complain(map, codes::bad_value, "a group needs children", "children: [floor.desk/ada]");
    group.policy = checked(map, group.policy);
    return group;
  }

  void read_children(const node& list, group_spec& group) {
    if (!expect(list, node_kind::list, "a list of agents and groups"))
      return;
    for (const node& item : list.items())
      if (auto child = item.is(node_kind::map) ? read_child(item) : agent_child(item))
        group.children.push_back(std::move(*child));
  }

  std::optional<child_spec> agent_child(const node& value) {
    if (!expect(value, node_kind::text, "an agent (kind/key), or {agent: …} or {group: …}"))
      return std::nullopt;
    auto id = agent_id::parse(value.text());
    if (id)
      return child_spec{child_id::of(std::move(*id)), {}};
    complain(value, codes::bad_value, id.error().message, id.error().hint);
    return std::nullopt;
  }

  std::optional<child_spec> read_child(const node& map) {
    std::optional<child_spec> child;
    std::optional<restart_type> restart;
    for (const entry& e : map.entries()) {
      if (e.key.text() == "agent")
        child = agent_child(e.value);
      else if (e.key.text() == "group" && expect(e.value, node_kind::text, "the name of a group"))
        child = child_spec{child_id::nested(std::string(e.value.text())), {}};
      else if (e.key.text() == "restart")
        restart = take(e.value, parse_restart_type(e.value.text()));
      else if (e.key.text() != "group")
        unknown(e.key, std::array<std::string_view, 3>{"agent", "group", "restart"});
    }
    if (child)
      child->restart = restart;
    return child;
  }

  template<class T>
  std::optional<T> take(const node& at, const result<T>& read) {
    if (read)
      return *read;
    complain(at, codes::bad_value, read.error().message, read.error().hint);
    return std::nullopt;
  }

  void read_policy(const entry& e, supervision_policy& into) {
    if (std::ranges::find(policy_keys, e.key.text()) == policy_keys.end())
      return unknown(e.key, policy_keys);
    if (e.value.kind() >= node_kind::list) {
      complain(e.value, codes::wrong_type, std::string(e.key.text()) + " takes one value");
    } else if (e.key.text() == "strategy") {
      into.how = take(e.value, parse_strategy(e.value.text())).value_or(into.how);
    } else if (e.key.text() == "restart") {
      into.restart = take(e.value, parse_restart_type(e.value.text())).value_or(into.restart);
    } else if (e.key.text() == "max_restarts") {
      auto count = take(e.value, config::parse_count(e.value.text())).value_or(into.max_restarts);
      into.max_restarts = static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, UINT32_MAX));
    } else {
      auto span = take(e.value, config::parse_duration(e.value.text()));
      auto& field = e.key.text() == "within"            ? into.within
                    : e.key.text() == "backoff_initial" ? into.backoff_initial
                                                        : into.backoff_max;
      field = span.value_or(field);
    }
  }

  supervision_policy checked(const node& at, const supervision_policy& policy) {
    return take(at, validated(policy)).value_or(usual_);
  }

  const supervision_policy& usual_;
  config::diagnostics& found_;
};

} // namespace

std::optional<supervision_plan> read_supervision(config::source file, const supervision_policy& usual,
                                                 config::diagnostics& found) {
  const auto name = file.name();
  auto parsed = config::parse_document(std::move(file), found);
  if (!parsed)
    return std::nullopt;
  auto plan = plan_reader(usual, found).read(parsed->root());
  if (found.errors() > 0)
    return std::nullopt;
  no_random unused;
  supervision_tree trial(usual, unused);
  if (auto declared = declare(plan, trial); !declared) {
    found.add(
        config::make_error(name, codes::contradiction, declared.error().message, declared.error().hint));
    return std::nullopt;
  }
  return plan;
}

result<void> declare(const supervision_plan& plan, supervision_tree& into) {
  for (const auto& [kind, policy] : plan.kinds)
    if (auto set = into.set_kind_policy(kind, policy); !set)
      return set;
  for (const auto& group : plan.groups)
    if (auto declared = into.declare(group); !declared)
      return declared;
  return into.complete();
}

} // namespace troupe::supervision
