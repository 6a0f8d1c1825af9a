#include "workflows/run/view.hpp"

#include "config/expression/value_json.hpp"
#include "runtime/base/object.hpp"
#include "workflows/run/approvals.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

json json_of(const value& v) {
  auto made = expression::to_json(v);
  return made ? std::move(*made) : json();
}

json error_of(const failure& f) {
  if (f.empty())
    return {};
  auto made = object("kind", f.kind, "message", f.message);
  if (!f.agent.empty())
    made["agent"] = f.agent;
  return made;
}

json time_of(instant t) { return t == instant{} ? json() : json(to_rfc3339(t)); }

/// Sequences that a verb holds are shown by what is in them.
bool is_shown(const instance& i) { return i.parent && i.what->what != verb::sequence; }

json step_view(const instance& i) {
  auto made =
      object("path", i.path, "id", i.what->id, "verb", to_string(i.what->what), "state", to_string(i.state),
             "attempts", i.attempt, "started", time_of(i.started), "ended", time_of(i.ended));
  if (i.parked)
    made["stuck"] = true;
  if (!i.error.empty())
    made["error"] = error_of(i.error);
  if (i.state == run_state::completed && !i.result.is_null())
    made["result"] = json_of(i.result);
  return made;
}

template<class Visit>
void each(const run_record& run, Visit visit) {
  if (run.root)
    each_instance(static_cast<const instance&>(*run.root), visit);
}

const instance* first_parked(const run_record& run) {
  const instance* found = nullptr;
  each(run, [&](const instance& i) { found = found ? found : i.parked ? &i : nullptr; });
  return found;
}

bool is_open_approval(const instance& i) { return i.state == run_state::input_required && !i.parked; }

/// Opened at some time; decided or not.
bool is_approval(const instance& i) {
  return i.what->what == verb::approval && field(i.local, "revision") != nullptr;
}

json approval_view(const run_record& run, const instance& i) {
  auto made = object("id", approval_id(run, i), "run", run.id, "workflow", run.workflow, "path", i.path,
                     "state", to_string(i.state), "opened", time_of(i.started), "ended", time_of(i.ended));
  for (const auto* name :
       {"title", "show", "edit", "edited", "by", "votes", "revision", "reminded", "escalated"})
    if (const auto* v = field(i.local, name))
      made[name] = json_of(*v);
  const auto late = std::get<approval_body>(i.what->body).deadline;
  if (late.count() > 0)
    made["deadline"] = time_of(i.started + late);
  if (i.state == run_state::completed)
    made.update(object("decision", text_in(i.result, "decision"), "decided_by", text_in(i.result, "by"),
                       "decided_at", text_in(i.result, "at"), "note", text_in(i.result, "note"), "diff",
                       json_of(part(i.result, "diff"))));
  return made;
}

} // namespace

run_state visible_state(const run_record& run) {
  if (is_over(run.state) || run.state == run_state::none)
    return run.state;
  bool asked = false;
  each(run, [&](const instance& i) { asked = asked || is_open_approval(i); });
  return asked ? run_state::input_required : run.state;
}

std::string reason_of(const run_record& run) {
  if (is_over(run.state))
    return run.error.empty() ? std::string() : run.error.kind + ": " + run.error.message;
  if (run.paused)
    return "paused; troupe workflow resume " + run.id;
  if (!run.joined.empty())
    return "follows the run " + run.joined + " of the same concurrency key";
  if (!run.root && !run.lock.empty())
    return "waits for its turn; troupe inspect workflow.lock/" + run.workflow + '/' + run.lock;
  if (const auto* stuck = first_parked(run))
    return "stuck at " + stuck->path + ": " + stuck->error.kind + ": " + stuck->error.message +
           "; troupe workflow retry " + run.id;
  std::string why;
  each(run, [&](const instance& i) {
    if (why.empty() && is_open_approval(i))
      why = "waits for a person at " + i.path + "; troupe approval approve " + approval_id(run, i);
  });
  return why;
}

std::string view_of(const run_record& run) {
  auto steps = json::array();
  auto approvals = json::array();
  each(run, [&](const instance& i) {
    if (is_shown(i))
      steps.push_back(step_view(i));
    if (is_approval(i))
      approvals.push_back(approval_view(run, i));
  });
  auto made =
      object("id", run.id, "workflow", run.workflow, "version",
             run.definition ? json(run.definition->version) : json(), "definition", run.plan_hash, "state",
             to_string(visible_state(run)), "reason", reason_of(run), "phase", run.phase, "paused",
             run.paused, "input", json_of(run.input), "output", json_of(run.output), "error",
             error_of(run.error), "steps", std::move(steps), "approvals", std::move(approvals), "started",
             time_of(run.started), "ended", time_of(run.ended), "started_by", run.started_by, "tokens",
             run.tokens, "micro_usd", run.micro_usd, "trace", run.trace);
  if (!run.joined.empty())
    made["joined"] = run.joined;
  auto vars = json::object();
  for (const auto& [name, v] : run.vars)
    vars[name] = json_of(v);
  made["vars"] = std::move(vars);
  return made.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<journal::listing> index_lines(const run_record& run) {
  std::vector<journal::listing> lines;
  if (run.state == run_state::none)
    return lines;
  journal::listing line;
  line.category = "run";
  line.name = run.workflow;
  line.state = to_string(visible_state(run));
  line.open = !is_over(run.state);
  line.updated = run.now;
  line.attributes = run.attributes;
  const auto* stuck = first_parked(run);
  line.detail =
      object("phase", run.phase, "paused", run.paused, "stuck", stuck != nullptr, "reason", reason_of(run),
             "started", time_of(run.started), "ended", time_of(run.ended), "started_by", run.started_by)
          .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  lines.push_back(line);
  each(run, [&](const instance& i) {
    if (!is_approval(i))
      return;
    journal::listing approval;
    approval.item = approval_id(run, i);
    approval.category = "approval";
    approval.name = run.workflow;
    approval.state = to_string(i.state);
    approval.open = is_open_approval(i);
    approval.updated = run.now;
    approval.detail = approval_view(run, i).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    lines.push_back(std::move(approval));
  });
  return lines;
}

} // namespace troupe::workflow
