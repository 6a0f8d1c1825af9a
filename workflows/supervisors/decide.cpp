#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

#include <algorithm>
#include <map>

namespace troupe::workflow {
namespace {

using expression::value_kind;

/// One agent's vote, as it answered.
struct vote {
  std::string agent;
  std::string choice;
  double confidence = 1;
  value reasons;
};

std::optional<vote> read_vote(const std::string& agent, const value& answer) {
  const auto* choice = field(answer, "choice");
  if (!choice || choice->is_null())
    return std::nullopt;
  vote v;
  v.agent = agent;
  v.choice = choice->is(value_kind::text) ? choice->as_text() : to_text(*choice);
  if (const auto* c = field(answer, "confidence"); c && c->is_number()) {
    const auto given = c->is(value_kind::real)
                           ? c->as_double()
                           : static_cast<double>(c->is(value_kind::integer) ? c->as_int() : 1);
    v.confidence = std::clamp(given, 0.0, 1.0);
  }
  if (const auto* r = field(answer, "reasons"))
    v.reasons = *r;
  return v;
}

value listed(const vote& v) {
  return value::object({{"agent", value::text(v.agent)},
                        {"choice", value::text(v.choice)},
                        {"confidence", value::of(v.confidence)},
                        {"reasons", v.reasons}});
}

/// The choice with the most confidence behind it; among equals the one named first by the file's agents. Its
/// own confidence is its share of all the confidence there was.
value weigh(const std::vector<vote>& votes) {
  std::map<std::string, double> behind;
  double all = 0;
  for (const auto& v : votes) {
    behind[v.choice] += v.confidence;
    all += v.confidence;
  }
  const vote* best = &votes.front();
  for (const auto& v : votes)
    if (behind[v.choice] > behind[best->choice])
      best = &v;
  std::vector<value> reasons;
  std::vector<value> dissent;
  for (const auto& v : votes)
    (v.choice == best->choice ? reasons : dissent).push_back(listed(v));
  const auto confidence = all > 0 ? behind[best->choice] / all : 0.0;
  return value::object({{"choice", value::text(best->choice)},
                        {"confidence", value::of(confidence)},
                        {"reasons", value::list(std::move(reasons))},
                        {"dissent", value::list(std::move(dissent))}});
}

/// Several agents weigh one question.
class decide final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<decide_body>(self.what->body);
    auto agents = run.demand(body.agents, self);
    if (!agents)
      return;
    if (!agents->is(value_kind::list) || agents->items().empty())
      return run.give_up(self, {"invalid", "`agents` is not a list of agents", {}});
    std::vector<std::pair<std::string, value>> asked;
    for (const auto& [name, f] : {std::pair("question", &body.question), std::pair("options", &body.options),
                                  std::pair("criteria", &body.criteria)}) {
      auto v = run.demand(*f, self);
      if (!v)
        return;
      asked.emplace_back(name, plain(std::move(*v)));
    }
    self.arguments = value::object(std::move(asked));
    self.local = value::object({{"agents", *agents}, {"answers", value::object({})}});
    const auto due = self.what->timeout.count() > 0 ? run.now() + self.what->timeout : never;
    for (std::size_t i = 0; i < agents->items().size(); ++i)
      if (!ask(self, i, due, run))
        return;
  }

  void answered(instance& self, std::string_view name, const outcome& answer, engine& run) const override {
    const auto agent = std::string(name.substr(name.find(':') + 1));
    auto body = answer.ok ? from_text(answer.body) : result<value>(value());
    auto heard = body ? *body : value();
    if (!answer.ok)
      heard = value::object({{"failed", value::text(answer.kind + ": " + answer.message)}});
    self.local =
        value::object({{"agents", *field(self.local, "agents")},
                       {"answers", with_field(*field(self.local, "answers"), agent, std::move(heard))}});
    conclude(self, run);
  }

private:
  static bool ask(instance& self, std::size_t index, instant due, engine& run) {
    const auto& kind = field(self.local, "agents")->items()[index];
    if (!kind.is(value_kind::text)) {
      run.give_up(self, {"invalid", "`agents` holds something that is no name", {}});
      return false;
    }
    const auto to = run.demand_agent(kind.as_text(), run.run().id, self);
    if (to)
      run.call(self, "ask:" + kind.as_text(), *to, "decide", self.arguments, due);
    return to.has_value();
  }

  static void conclude(instance& self, engine& run) {
    const auto& agents = field(self.local, "agents")->items();
    const auto* answers = field(self.local, "answers");
    const auto quorum = std::get<decide_body>(self.what->body).quorum;
    const auto wanted = quorum == 0 ? agents.size() : std::min<std::size_t>(quorum, agents.size());
    std::vector<vote> votes;
    std::size_t heard = 0;
    for (const auto& agent : agents)
      if (const auto* answer = field(*answers, agent.as_text())) {
        ++heard;
        if (auto v = read_vote(agent.as_text(), *answer))
          votes.push_back(std::move(*v));
      }
    if (votes.size() >= wanted) {
      run.clear_all(self);
      return run.finish(self, weigh(votes));
    }
    if (heard == agents.size())
      run.attempt_failed(self, {"unavailable",
                                std::to_string(votes.size()) + " of " + std::to_string(wanted) +
                                    " agents that are needed gave a choice",
                                {}});
  }
};

} // namespace

const supervisor& decide_supervisor() {
  static const decide one;
  return one;
}

} // namespace troupe::workflow
