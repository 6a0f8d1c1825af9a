#include "workflows/run/run_agent.hpp"

#include "workflows/run/approvals.hpp"
#include "workflows/run/computing.hpp"
#include "workflows/run/listening.hpp"
#include "workflows/run/scope.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/turn_taking.hpp"
#include "workflows/run/view.hpp"
#include "workflows/run/wire.hpp"

#include <set>

namespace troupe::workflow {
run_agent::run_agent(const agent_id& self, const catalog& known)
    : catalog_(known)
    , self_(self) {
  run_.id = self.key();
  run_.tenant = self.tenant();
  run_.secret = [&known, self = self.text()](std::string_view name) {
    return known.secret_reference(name, self);
  };
}

std::optional<fold_pin> run_agent::pin(const fold_record& record) {
  const bool begins = record.from == fold_record::source::mail && record.message.type == "start" &&
                      run_.state == run_state::none;
  if (!begins)
    return std::nullopt;
  const auto body = from_text(record.message.body);
  const auto found = body ? catalog_.find_workflow(text_in(*body, "workflow")) : nullptr;
  if (!found)
    return std::nullopt;
  return fold_pin{found->key, found->text};
}

result<void> run_agent::know(const fold_pin& pin) {
  auto plan = catalog_.read(pin.key, pin.text);
  if (!plan)
    return tl::unexpected(plan.error());
  known_[pin.key] = std::move(*plan);
  return {};
}

void run_agent::apply(const fold_record& record) {
  commands_.clear(); // an activation folds without deciding: what was commanded then has long been done
  run_.now = std::max(run_.now, record.time);
  engine on(run_, commands_);
  switch (record.from) {
  case fold_record::source::mail:
    take_mail(record, on);
    break;
  case fold_record::source::answer:
    if (!record.command.starts_with('#'))
      on.answered(record.command, record.answer);
    else if (turn_answered(record.command, record.answer, on))
      open_body(on);
    break;
  case fold_record::source::due:
    on.due(record.command);
    break;
  case fold_record::source::signal: {
    auto body = from_text(record.message.body);
    on.signaled({record.message.type, record.message.correlation, record.message.id, body ? *body : value()});
    break;
  }
  case fold_record::source::cancel:
    for (const auto& caller : run_.callers)
      if (caller.call_key == record.message.call_key) {
        on.cancel();
        break;
      }
    break;
  }
  on.work();
  give_turn_back(run_, commands_);
  evaluate_search();
}

std::vector<fold_command> run_agent::decide(const fold_record& record) {
  auto commands = std::exchange(commands_, {});
  begin_listeners_of_emits(catalog_, self_, record, commands);
  return commands;
}

void run_agent::take_mail(const fold_record& record, engine& on) {
  const auto& m = record.message;
  auto body = from_text(m.body);
  if (!body)
    return answer(m, tl::unexpected(body.error()));
  if (m.type == "start")
    return start(record, *body, on);
  answer(m, steer(m.type, *body, record, on));
}

void run_agent::start(const fold_record& record, const value& body, engine& on) {
  const auto& m = record.message;
  if (m.kind == message_kind::call) {
    run_.callers.push_back({m.from, m.type, m.call_key, m.attempt});
    run_.chain = m.chain;
  }
  if (run_.state != run_state::none) { // begun already: a caller that asks again hears how it ended
    if (is_over(run_.state) && m.kind == message_kind::call) {
      commands_.push_back(answer_to(run_.callers.back(), run_));
      run_.callers.clear();
    }
    return;
  }
  run_.workflow = text_in(body, "workflow");
  run_.started = run_.now;
  run_.trace = m.trace;
  run_.started_by = text_in(body, "started_by");
  if (run_.started_by.empty())
    run_.started_by = m.principal.empty() ? m.from.text() : m.principal;
  run_.plan_hash = record.pin;
  const auto plan = known_.find(record.pin);
  if (plan == known_.end())
    return reject("there is no workflow \"" + run_.workflow + "\" here", on);
  run_.definition = plan->second.made;
  run_.env = plan->second.env;
  begin_body(body, on);
}

void run_agent::begin_body(const value& body, engine& on) {
  run_.input = part(body, "input");
  if (run_.input.is_null())
    run_.input = value::object({});
  run_.event = part(body, "event");
  if (const auto wrong = misfit(run_.definition->input.get(), to_text(run_.input)); !wrong.empty())
    return reject("the input does not fit: " + wrong, on);
  const auto waits = ask_for_turn(on);
  if (!waits)
    return reject(waits.error().message, on);
  run_.state = run_state::submitted;
  on.arm_deadline();
  if (*waits)
    return commands_.push_back(run_event("run_waits_for_its_turn", run_));
  open_body(on);
}

void run_agent::open_body(engine& on) {
  run_.state = run_state::working;
  commands_.push_back(run_event("run_started", run_));
  on.start_run();
  for (const auto& [name, f] : run_.definition->vars) {
    auto v = on.evaluate(f, *run_.root);
    if (!v) {
      on.stop(*run_.root, ending::failed({"invalid", "the variable " + name + ": " + v.error().message, {}}));
      return;
    }
    run_.set_var(name, plain(std::move(*v)));
  }
}

void run_agent::reject(std::string why, engine&) {
  run_.state = run_state::rejected;
  run_.error = {"invalid", std::move(why), {}};
  run_.ended = run_.now;
  for (const auto& caller : run_.callers)
    commands_.push_back(answer_to(caller, run_));
  run_.callers.clear();
  commands_.push_back(run_event("run_rejected", run_));
}

result<value> run_agent::steer(const std::string& verb, const value& body, const fold_record& record,
                               engine& on) {
  if (run_.state == run_state::none)
    return fail(fault::not_found, "there is no run " + run_.id);
  if (verb == "approval")
    return take_vote(body, record.message, on);
  if (is_over(run_.state))
    return fail(fault::conflict, "the run is " + std::string(to_string(run_.state)) + " already");
  if (verb == "cancel")
    on.cancel();
  else if (verb == "pause")
    on.pause();
  else if (verb == "resume")
    on.resume();
  else if (verb == "signal")
    return take_signal(body, record.message, on);
  else if (verb == "retry") {
    if (auto begun = on.retry(text_in(body, "path"), flag_in(body, "new_key")); !begun)
      return tl::unexpected(begun.error());
  } else {
    return fail(fault::invalid, "a run takes no message \"" + verb + '"',
                "it takes start, cancel, pause, resume, retry, signal and approval");
  }
  return value::object({{"id", value::text(run_.id)}});
}

/// Under an id of its sender the same signal twice is one.
result<value> run_agent::take_signal(const value& body, const envelope& from, engine& on) {
  auto id = text_in(body, "id");
  const auto dropped = on.signaled({text_in(body, "name"), text_in(body, "correlation"),
                                    id.empty() ? from.id : std::move(id), part(body, "body")});
  if (!dropped.empty())
    return fail(fault::invalid, "the signal was not taken: " + dropped);
  return value::object({{"id", value::text(run_.id)}});
}

result<value> run_agent::take_vote(const value& body, const envelope& from, engine& on) {
  approval_vote wanted;
  wanted.approval = text_in(body, "approval");
  wanted.by = text_in(body, "by");
  if (wanted.by.empty())
    wanted.by = from.principal;
  if (const auto* roles = field(body, "roles"); roles && roles->is(expression::value_kind::list))
    for (const auto& role : roles->items())
      if (role.is(expression::value_kind::text))
        wanted.roles.push_back(role.as_text());
  const auto decision = text_in(body, "decision");
  if (decision != "approved" && decision != "rejected")
    return fail(fault::invalid, "`decision` is approved or rejected, not \"" + decision + '"');
  wanted.approved = decision == "approved";
  wanted.note = text_in(body, "note");
  if (const auto* edit = field(body, "edit"); edit && !edit->is_null())
    wanted.edited = *edit;
  if (const auto* seen = field(body, "revision"); seen && seen->is(expression::value_kind::integer))
    wanted.revision = seen->as_int();
  wanted.link = text_in(body, "link");
  if (auto taken = vote(wanted, on); !taken)
    return tl::unexpected(taken.error());
  return value::object({{"id", value::text(wanted.approval)}, {"run", value::text(run_.id)}});
}

void run_agent::answer(const envelope& to, const result<value>& what) {
  if (auto reply = reply_to(to, what))
    commands_.push_back(std::move(*reply));
}

outcome run_agent::compute(const std::string& command) { return compute_step(run_, command); }

std::vector<std::string> run_agent::computing() const { return open_computations(run_); }

void run_agent::evaluate_search() {
  if (!run_.definition || !run_.root || run_.definition->search.empty())
    return;
  std::vector<std::pair<std::string, std::string>> now;
  for (const auto& [name, f] : run_.definition->search) {
    const auto v = f.evaluate(run_scope(run_, *run_.root));
    if (v && v->is(expression::value_kind::text))
      now.emplace_back(name, v->as_text());
    else if (v && !v->is_null())
      now.emplace_back(name, to_text(*v));
  }
  if (now == run_.attributes)
    return;
  run_.attributes = std::move(now);
  attributes_changed_ = true;
}

std::vector<journal::listing> run_agent::listings() {
  std::vector<journal::listing> changed;
  std::set<std::string> there;
  for (auto& line : index_lines(run_)) {
    there.insert(line.item);
    line.attributes_changed = line.item.empty() && attributes_changed_;
    auto& last = listed_[line.item];
    auto compared = line;
    compared.updated = last.updated;
    if (compared == last && !line.attributes_changed)
      continue;
    last = line;
    last.attributes_changed = false;
    changed.push_back(std::move(line));
  }
  attributes_changed_ = false;
  for (auto& [item, last] : listed_) { // approvals that are decided
    if (there.contains(item) || !last.open)
      continue;
    last.open = false;
    last.state = "completed";
    last.updated = run_.now;
    changed.push_back(last);
  }
  return changed;
}

std::string run_agent::snapshot() const { return encode(run_); }
std::string run_agent::describe() const { return view_of(run_); }

result<void> run_agent::restore(std::uint32_t schema, std::string_view snapshot) {
  if (schema != 1)
    return fail(fault::refused, "a run of schema " + std::to_string(schema) + " needs a newer troupe");
  return decode(snapshot, known_, run_);
}

} // namespace troupe::workflow
