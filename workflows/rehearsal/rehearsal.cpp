#include "workflows/rehearsal/rehearsal.hpp"

#include "config/settings/units.hpp"
#include "workflows/builtin/builtin.hpp"
#include "workflows/builtin/decision.hpp"
#include "workflows/graph/diagram.hpp"
#include "workflows/plan/formula_source.hpp"
#include "workflows/plan/step_place.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using expression::value_kind;

constexpr std::size_t items_shown = 3;

class walker {
public:
  walker(const deployment& around, std::vector<rehearsed>& into)
      : around_(around)
      , all_(into) {}

  /// False: what follows is not reached.
  bool sequence(const step& of, const std::string& path, known_values& now, std::size_t depth) {
    for (const auto* child : std::get<sequence_body>(of.body).children)
      if (!walk(*child, path, now, depth))
        return false;
    return true;
  }

private:
  rehearsed& line(const step& s, const std::string& path, std::size_t depth, std::string does) {
    all_.push_back({depth, path, title_of(s), std::move(does), {}, {}, {}});
    return all_.back();
  }

  void heading(const std::string& path, std::size_t depth, std::string does) {
    all_.push_back({depth, path, "", std::move(does), {}, {}, {}});
  }

  bool walk(const step& s, const std::string& above, known_values& now, std::size_t depth) {
    const auto path = place_below(above, s.segment);
    if (s.condition.absent())
      return act(s, path, now, depth, "");
    const auto holds = now.resolve(s.condition);
    const auto source = source_of(s.condition);
    if (holds.known && holds.known->is(value_kind::boolean) && !holds.known->as_bool()) {
      line(s, path, depth, "skipped").remarks.push_back("not: " + source);
      return true;
    }
    if (holds.known)
      return act(s, path, now, depth, "");
    auto way = now;
    act(s, path, way, depth, "only if " + source);
    now.blur(way);
    return true;
  }

  bool act(const step& s, const std::string& path, known_values& now, std::size_t depth,
           const std::string& only) {
    const auto mark = all_.size();
    const bool goes_on = dispatch(s, path, now, depth);
    if (!only.empty() && mark < all_.size())
      all_[mark].remarks.insert(all_[mark].remarks.begin(), only);
    return goes_on;
  }

  bool dispatch(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    if (!s.id.empty())
      now.steps[s.id] = std::nullopt;
    switch (s.what) {
    case verb::agent:
    case verb::tell:
      return call(s, path, now, depth);
    case verb::sequence:
      line(s, path, depth, "one after the other");
      return sequence(s, path, now, depth + 1);
    case verb::parallel:
      return branches(s, std::get<parallel_body>(s.body).branches, "at once", path, now, depth);
    case verb::race:
      return branches(s, std::get<race_body>(s.body).branches, "at once; the first to finish wins", path, now,
                      depth);
    case verb::choice:
      return choose(s, path, now, depth);
    case verb::map:
      return each(s, path, now, depth);
    case verb::loop:
      return again(s, path, now, depth);
    case verb::attempt:
      return attempt(s, path, now, depth);
    case verb::set:
      return set(s, path, now, depth);
    default:
      return simple(s, path, now, depth);
    }
  }

  void take(rehearsed& at, const resolved& v) {
    at.with = v.shown;
    if (!v.problem.empty())
      at.remarks.push_back("fails: " + v.problem);
  }

  bool call(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    const auto& body = std::get<call_body>(s.body);
    const auto kind = now.resolve(body.agent);
    const auto agent =
        kind.known && kind.known->is(value_kind::text) ? kind.known->as_text() : source_of(body.agent);
    const auto lines = summary_of(s);
    auto& made = line(s, path, depth, (s.what == verb::tell ? "tell " : "ask ") + agent + '.' + body.action);
    for (std::size_t i = 1; i < lines.size(); ++i)
      made.remarks.push_back(lines[i]);
    const auto with = now.resolve(s.with);
    take(made, with);
    if (with.known && s.what == verb::agent)
      if (const auto answer = answer_of(agent, body.action, *with.known)) {
        made.gives = to_text(*answer);
        if (!s.id.empty())
          now.steps[s.id] = *answer;
      }
    return true;
  }

  /// Of what only computes, it is known beforehand.
  std::optional<value> answer_of(const std::string& agent, const std::string& action,
                                 const value& with) const {
    if (const auto* builtin = find_builtin(agent, action)) {
      const auto said = builtin->compute ? builtin->compute(with) : outcome::failure("outside", "");
      auto read = said.ok ? from_text(said.body) : result<value>(tl::unexpected(error{}));
      return read ? std::optional(std::move(*read)) : std::nullopt;
    }
    const auto found = around_.agents.find(agent);
    const auto* what = found == around_.agents.end() ? nullptr : found->second->find(action);
    if (!what || !what->decision)
      return std::nullopt;
    known_values facts;
    facts.input = with;
    auto said = judge(*what->decision, facts);
    return said ? std::optional(std::move(*said)) : std::nullopt;
  }

  bool branches(const step& s, const steps& all, std::string about, const std::string& path,
                known_values& now, std::size_t depth) {
    line(s, path, depth, std::move(about));
    const auto before = now;
    for (const auto* branch : all) {
      heading(place_below(path, branch->segment), depth + 1, branch->segment + ":");
      auto way = before;
      sequence(*branch, place_below(path, branch->segment), way, depth + 2);
      merge(now, before, way);
    }
    return true;
  }

  /// What a branch that surely runs has found out is known; what two of them set is not.
  static void merge(known_values& now, const known_values& before, const known_values& way) {
    for (const auto& [name, v] : way.steps)
      if (!before.steps.contains(name))
        now.steps[name] = v;
    known_values only_vars = before;
    only_vars.vars = way.vars;
    now.blur(only_vars);
  }

  bool choose(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    line(s, path, depth, "the first that holds");
    bool sure = true;
    const auto before = now;
    for (const auto& arm : std::get<choice_body>(s.body).arms) {
      const auto holds = now.resolve(arm.when);
      const bool known = arm.when.absent() || (holds.known && holds.known->is(value_kind::boolean));
      const bool taken = arm.when.absent() || (known && holds.known->as_bool());
      const auto source = arm.when.absent() ? "else" : "when " + source_of(arm.when);
      if (known && !taken) {
        heading(place_below(path, arm.body->segment), depth + 1, source + ": no");
        continue;
      }
      heading(place_below(path, arm.body->segment), depth + 1,
              source + (known && sure ? ": yes" : ": not known yet"));
      if (known && sure)
        return sequence(*arm.body, place_below(path, arm.body->segment), now, depth + 2);
      auto way = before;
      sequence(*arm.body, place_below(path, arm.body->segment), way, depth + 2);
      now.blur(way);
      sure = false;
      if (known)
        break;
    }
    return true;
  }

  bool each(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    const auto& body = std::get<map_body>(s.body);
    const auto over = now.resolve(body.over);
    const bool listed = over.known && over.known->is(value_kind::list);
    const auto count = listed ? over.known->items().size() : 1;
    line(s, path, depth,
         "for each " + body.as + " of " + (listed ? std::to_string(count) + " items" : source_of(body.over)));
    const auto before = now;
    for (std::size_t i = 0; i < std::min(count, items_shown); ++i) {
      auto way = before;
      way.locals[body.as] = listed ? std::optional(over.known->items()[i]) : std::nullopt;
      way.locals["index"] = listed ? std::optional(value::of(static_cast<std::int64_t>(i))) : std::nullopt;
      if (listed)
        heading(path, depth + 1, body.as + " " + to_text(over.known->items()[i]) + ":");
      sequence(*body.body, place_below(path, body.body->segment), way, depth + (listed ? 2 : 1));
      now.blur(way);
    }
    if (count > items_shown)
      heading(path, depth + 1, "and " + std::to_string(count - items_shown) + " more");
    return true;
  }

  bool again(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    const auto& body = std::get<loop_body>(s.body);
    const auto max = now.resolve(body.max);
    auto& made = line(s, path, depth, (body.until ? "until " : "while ") + source_of(body.condition));
    made.remarks.push_back("at most " + max.shown + " rounds; this is the first");
    if (!body.until)
      if (const auto holds = now.resolve(body.condition);
          holds.known && holds.known->is(value_kind::boolean) && !holds.known->as_bool()) {
        made.remarks.back() = "no round: it does not hold";
        return true;
      }
    auto way = now;
    way.locals["index"] = value::of(std::int64_t{0});
    sequence(*body.body, place_below(path, body.body->segment), way, depth + 1);
    now.blur(way);
    return true;
  }

  bool attempt(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    const auto& body = std::get<attempt_body>(s.body);
    line(s, path, depth, "and see whether it fails");
    const auto before = now;
    sequence(*body.body, place_below(path, body.body->segment), now, depth + 1);
    for (const auto& handler : body.handlers) {
      std::string kinds;
      for (const auto& kind : handler.on)
        kinds += (kinds.empty() ? "" : ", ") + kind;
      heading(place_below(path, handler.body->segment), depth + 1,
              "if it fails with " + (kinds.empty() ? "anything" : kinds) + ":");
      auto way = before;
      way.locals[handler.as.empty() ? "error" : handler.as] = std::nullopt;
      sequence(*handler.body, place_below(path, handler.body->segment), way, depth + 2);
      now.blur(way);
    }
    if (body.finally) {
      heading(place_below(path, body.finally->segment), depth + 1, "finally, however it ended:");
      sequence(*body.finally, place_below(path, body.finally->segment), now, depth + 2);
    }
    return true;
  }

  bool set(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    auto& made = line(s, path, depth, "set variables");
    std::vector<std::pair<std::string, formula>> values = std::get<set_body>(s.body).values;
    for (const auto& [name, f] : values)
      now.vars[name] = now.resolve(f).known;
    take(made, now.resolve(formula::map(std::move(values))));
    return true;
  }

  bool simple(const step& s, const std::string& path, known_values& now, std::size_t depth) {
    const auto lines = summary_of(s);
    auto& made = line(s, path, depth, words(s));
    made.remarks = lines;
    if (const auto* approval = std::get_if<approval_body>(&s.body))
      take(made, now.resolve(formula::map({{"title", approval->title}, {"show", approval->show}})));
    else if (const auto* wait = std::get_if<wait_body>(&s.body))
      take(made, now.resolve(wait->span.absent() ? wait->until : wait->span));
    else if (const auto* emit = std::get_if<emit_body>(&s.body))
      take(made, now.resolve(emit->data));
    else if (const auto* fails = std::get_if<fail_body>(&s.body))
      take(made, now.resolve(formula::map({{"kind", fails->kind}, {"message", fails->message}})));
    else if (const auto* gives = std::get_if<value_body>(&s.body))
      take(made, now.resolve(gives->value));
    else if (const auto* decide = std::get_if<decide_body>(&s.body))
      take(made, now.resolve(formula::map({{"question", decide->question}, {"options", decide->options}})));
    else
      take(made, now.resolve(s.with));
    const bool wordless = made.with == "null";
    if (wordless)
      made.with.clear();
    return s.what != verb::leave && s.what != verb::stop && s.what != verb::fail;
  }

  static std::string words(const step& s) {
    switch (s.what) {
    case verb::approval:
      return "a person decides";
    case verb::decide:
      return "agents decide";
    case verb::wait:
      return "wait";
    case verb::receive:
      return "wait for a signal";
    case verb::workflow:
      return std::get<sub_workflow_body>(s.body).detach ? "start a workflow" : "run a workflow";
    case verb::emit:
      return "publish an event";
    case verb::fail:
      return "fail";
    case verb::leave:
      return "end here with";
    case verb::stop:
      return "leave the loop";
    case verb::undo:
      return "undo what " + std::get<undo_body>(s.body).id + " did";
    default:
      return std::string(to_string(s.what));
    }
  }

  const deployment& around_;
  std::vector<rehearsed>& all_;
};

} // namespace

result<std::vector<rehearsed>> rehearse(const plan& of, const deployment& around,
                                        const rehearsal_input& given) {
  known_values now;
  now.input = given.input.is_null() ? value::object({}) : given.input;
  if (const auto wrong = misfit(of.input.get(), to_text(now.input)); !wrong.empty())
    return fail(fault::invalid, "the input does not fit: " + wrong);
  now.env = given.env;
  now.run = value::object({{"workflow", value::text(of.name)},
                           {"version", value::of(of.version)},
                           {"started_by", value::text(given.started_by)}});
  for (const auto& [name, f] : of.vars)
    now.vars[name] = now.resolve(f).known;
  std::vector<rehearsed> all;
  walker(around, all).sequence(*of.body, "", now, 0);
  if (!of.output.absent()) {
    const auto output = now.resolve(of.output);
    all.push_back({0, "", "output", "the run gives", output.shown, {}, {}});
  }
  return all;
}

} // namespace troupe::workflow
