#pragma once

#include "config/result.hpp"
#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::supervision {

/// A declared supervisor. Children that are supervisors are named here and declared after it.
struct group_spec {
  std::string name; // [a-z0-9._-]
  supervision_policy policy;
  std::vector<child_spec> children;
};

/// All supervisors of a node. Declared groups form trees; every other agent stands under a supervisor of its
/// own with its kind's policy, which exists only from a crash until its window has passed. So a million
/// healthy agents cost nothing here, and no agent pays for the crashes of another that it was not declared
/// with.
///
/// Every input answers with what the node is to do at once, in order. Stops, starts and failures name agents;
/// `escalate` names the supervisor that gave up and is for the log.
class supervision_tree {
public:
  /// `random` outlives the tree; `usual` has been validated.
  supervision_tree(const supervision_policy& usual, random_source& random);
  ~supervision_tree();
  supervision_tree(const supervision_tree&) = delete;

  /// Before any of its agents runs; parents before their children.
  result<void> declare(const group_spec& group);
  /// Whether every supervisor named as a child has been declared: asked once, after the last `declare`.
  result<void> complete() const;
  result<void> set_kind_policy(const std::string& kind, const supervision_policy& policy);

  // The inputs of `supervisor`, by agent.
  void started(const agent_id& agent);
  decisions withdrawn(const agent_id& agent, instant now);
  decisions ended(const agent_id& agent, end_kind how, const std::string& why, instant now);
  void poisoned(const agent_id& agent);
  decisions revive(const agent_id& agent, instant now);

  /// Starts the children of all declared groups, in the order of their declaration.
  decisions boot(instant now);

  decisions due(instant now);
  /// When `due` wants to be called next; it may find nothing to do then.
  instant next_due() const;

  /// Mail may not activate the agent now. Failures of undeclared agents are not kept here: their status is
  /// stored.
  bool holds(const agent_id& agent) const;

  /// One supervisor's children, for `inspect`; empty where nobody has that name.
  std::vector<child_view> view(std::string_view supervisor) const;
  /// The supervisor's name: a group's, or the agent's text; empty if nothing is remembered of it.
  std::string supervisor_of(const agent_id& agent) const;
  std::size_t size() const noexcept { return nodes_.size(); }

private:
  struct node;

  node* find(const agent_id& agent) const;
  node& found_or_solo(const agent_id& agent);
  const supervision_policy& policy_for(const agent_id& agent) const;
  result<void> check(const group_spec& group) const;
  void carry_out(node& at, decisions made, instant now, decisions& out);
  node& nested(const child_id& child) const;
  void carry_to_nested(node& below, const decision& d, instant now, decisions& out);
  void report_settled(node& at, instant now, decisions& out);
  decisions answer(node& at, decisions made, instant now);
  void plan_wake(node& at);
  void forget(node& at);

  supervision_policy usual_;
  random_source& random_;
  std::map<std::string, supervision_policy, std::less<>> kinds_;
  std::map<std::string, std::unique_ptr<node>, std::less<>>
      nodes_; // agents' texts have a slash, groups' names none
  std::vector<node*> declared_;
  std::unordered_map<agent_id, node*> of_agent_;    // declared ones
  std::map<std::string, node*, std::less<>> above_; // who named this supervisor as a child
  std::set<std::pair<instant, std::string>> agenda_;
};

} // namespace troupe::supervision
