#include "workflows/language/check/meaning_check.hpp"
#include "workflows/language/codes/codes.hpp"

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

void check_deadline(const node& at, const approval_body& body, reporter& to) {
  const auto deadline = at.find_entry("deadline");
  const auto late = at.find_entry("default");
  if (deadline && !late)
    to.error(deadline->key, codes::deadline_and_default,
             "what counts when the deadline has passed? \"default\" is missing",
             "default: approve, reject or fail");
  if (late && !deadline)
    to.error(late->key, codes::deadline_and_default,
             "\"default\" counts only once a deadline has passed: \"deadline\" is missing", "deadline: 5d");
  if (body.deadline.count() == 0)
    return;
  if (body.escalate_after >= body.deadline)
    to.error(*at.find("escalate")->find("after"), codes::too_late, "the deadline has passed by then");
  const auto remind = at.find("remind");
  for (std::size_t i = 0; remind && i < body.remind.size() && i < remind->size(); ++i)
    if (body.remind[i] >= body.deadline)
      to.error(remind->item(i), codes::too_late, "the deadline has passed by then");
}

void check_quorum(const node& by, const approver_rule& rule, reporter& to) {
  const auto* users = rule.users.constant();
  const auto* quorum = rule.quorum.constant();
  if (users == nullptr || quorum == nullptr || !rule.role.absent() ||
      !users->is(expression::value_kind::list) || !quorum->is(expression::value_kind::integer))
    return;
  if (static_cast<std::int64_t>(users->items().size()) < quorum->as_int())
    to.error(*by.find("quorum"), codes::too_few,
             "only " + std::to_string(users->items().size()) + " people may decide");
}

} // namespace

void check_people(const draft& of, const step& s, reporter& to) {
  const node& at = of.sources.at(&s).at;
  if (const auto* approval = std::get_if<approval_body>(&s.body)) {
    const auto body = at.find("approval");
    if (!body || !body->is(node_kind::map))
      return;
    check_deadline(*body, *approval, to);
    if (const auto by = body->find("by"); by && by->is(node_kind::map))
      check_quorum(*by, approval->by, to);
  }
  if (const auto* decide = std::get_if<decide_body>(&s.body)) {
    const auto* agents = decide->agents.constant();
    if (agents == nullptr || !agents->is(expression::value_kind::list) ||
        agents->items().size() >= decide->quorum)
      return;
    to.error(*at.find("decide")->find("quorum"), codes::too_few,
             "only " + std::to_string(agents->items().size()) + " agents are asked");
  }
}

} // namespace troupe::workflow
