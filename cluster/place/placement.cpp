#include "cluster/place/placement.hpp"

#include "runtime/base/hash.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::cluster {
namespace {

/// -weight / ln(u): the highest score wins, each node in proportion to its weight. By name, not by epoch: a
/// node that comes back gets its own again.
double score(const agent_id& id, const member& m) {
  const auto bits = stable_hash(id.text(), stable_hash(m.node));
  const double u = (static_cast<double>(bits >> 11) + 0.5) / 9007199254740992.0; // in (0, 1)
  return -static_cast<double>(m.weight) / std::log(u);
}

bool has_labels(const member& m, const std::map<std::string, std::string>& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& wanted) {
    auto found = m.labels.find(wanted.first);
    return found != m.labels.end() && found->second == wanted.second;
  });
}

bool knows_kind(const member& m, std::string_view kind) {
  return m.kinds.empty() || kind == "ingress" ||
         std::find(m.kinds.begin(), m.kinds.end(), kind) != m.kinds.end();
}

std::string text(const std::map<std::string, std::string>& labels) {
  std::string all;
  for (const auto& [name, value] : labels)
    all += (all.empty() ? "" : ", ") + name + "=" + value;
  return all;
}

std::string reason(const agent_id& id, const wish& wanted, std::size_t up, std::size_t know) {
  if (up == 0)
    return "no node is up that takes new agents";
  if (know == 0)
    return "no node that is up knows the kind \"" + id.kind() + "\"";
  if (!wanted.pin.empty())
    return "it is pinned to node \"" + wanted.pin + "\", which is not up";
  return "no node that is up has the labels " + text(wanted.labels);
}

} // namespace

placed place(const agent_id& id, const wish& wanted, const std::map<node_epoch, member>& members,
             const std::function<node_epoch(const agent_id&)>& where) {
  std::vector<const member*> allowed;
  std::size_t up = 0, know = 0;
  for (const auto& [epoch, m] : members) {
    if (m.state != journal::member_state::up || m.weight == 0)
      continue;
    ++up;
    if (!knows_kind(m, id.kind()))
      continue;
    ++know;
    if ((wanted.pin.empty() || wanted.pin == m.node) && has_labels(m, wanted.labels))
      allowed.push_back(&m);
  }
  if (allowed.empty())
    return {0, reason(id, wanted, up, know)};
  const auto beside = wanted.near ? where(*wanted.near) : 0;
  const auto avoided = wanted.apart ? where(*wanted.apart) : 0;
  for (const auto* m : allowed)
    if (beside != 0 && m->epoch == beside)
      return {beside, {}};
  if (allowed.size() > 1)
    std::erase_if(allowed, [&](const auto* m) { return m->epoch == avoided; });
  auto best = std::max_element(allowed.begin(), allowed.end(), [&](const auto* a, const auto* b) {
    return std::pair(score(id, *a), a->epoch) < std::pair(score(id, *b), b->epoch);
  });
  return {(*best)->epoch, {}};
}

} // namespace troupe::cluster
