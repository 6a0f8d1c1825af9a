#include "workflows/triggers/schedule_agent.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/ulid.hpp"
#include "workflows/limits.hpp"
#include "workflows/run/trigger_scope.hpp"
#include "workflows/run/wire.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

constexpr const char* tick = "tick";         // the timer
constexpr const char* times_asked = "times"; // what the clockwork says
constexpr const char* backfill_asked = "backfill";
const std::string absent_pin = "-"; // stands for a workflow that the node does not have

value moment(instant t) { return value::text(to_rfc3339(t)); }

json milliseconds_of(const std::vector<instant>& all) {
  auto made = json::array();
  for (const auto t : all)
    made.push_back(to_ms(t));
  return made;
}

fold_command command_of(fold_command::kind what, std::string id) {
  fold_command c;
  c.what = what;
  c.id = std::move(id);
  return c;
}

std::optional<instant> moment_in(const value& body, std::string_view name) {
  const auto read = expression::parse_timestamp(text_in(body, name));
  return read ? std::optional(from_ms(read->seconds * 1'000 + read->nanos / 1'000'000)) : std::nullopt;
}

} // namespace

schedule_agent::schedule_agent(const agent_id& self, const catalog& known,
                               const time_zone::zone_source& zones)
    : catalog_(known)
    , zones_(zones) {
  record_.id = self.key();
  record_.tenant = self.tenant();
  const auto slash = self.key().find('/');
  record_.workflow = self.key().substr(0, slash);
  record_.name = slash == std::string::npos ? "" : self.key().substr(slash + 1);
}

std::string schedule_agent::run_id(const std::string& schedule, instant nominal) {
  return stable_ulid(nominal, "schedule " + schedule);
}

/// The definition is looked up when the file is deployed and when an instant comes, and stays with the
/// record.
std::optional<fold_pin> schedule_agent::pin(const fold_record& record) {
  const bool deploys = record.from == fold_record::source::mail && record.message.type == "deploy";
  const bool comes = record.from == fold_record::source::due && record.command == tick;
  if (!deploys && !comes)
    return std::nullopt;
  const auto found = catalog_.find_workflow(record_.workflow);
  if (!found || !found->made->find_schedule(record_.name))
    return fold_pin{absent_pin, ""};
  return fold_pin{found->key, found->text};
}

result<void> schedule_agent::know(const fold_pin& pin) {
  if (pin.key == absent_pin || known_.contains(pin.key))
    return {};
  auto plan = catalog_.read(pin.key, pin.text);
  if (!plan)
    return tl::unexpected(plan.error());
  known_[pin.key] = std::move(*plan);
  return {};
}

const schedule_trigger* schedule_agent::rule() const {
  const auto found = known_.find(record_.pin);
  return found == known_.end() ? nullptr : found->second.made->find_schedule(record_.name);
}

/// The same instant of the same schedule always waits equally long.
start_delay schedule_agent::delay() const {
  return [span = rule()->jitter, id = record_.id](instant nominal) {
    const auto drawn = stable_hash(id + ' ' + std::to_string(to_ms(nominal)));
    return milliseconds(static_cast<std::int64_t>(drawn % (static_cast<std::uint64_t>(span.count()) + 1)));
  };
}

void schedule_agent::apply(const fold_record& record) {
  commands_.clear(); // as in run_agent
  record_.now = record.time;
  switch (record.from) {
  case fold_record::source::mail:
    return take_mail(record);
  case fold_record::source::due:
    adopt(record);
    return look();
  case fold_record::source::answer:
    if (record.command == times_asked)
      return settle(record.answer);
    if (record.command == backfill_asked)
      return filled(record.answer);
    return over(record.command);
  case fold_record::source::signal:
  case fold_record::source::cancel:
    return; // nothing of it concerns a schedule
  }
}

void schedule_agent::take_mail(const fold_record& record) {
  const auto& m = record.message;
  const auto body = from_text(m.body);
  auto answered = body ? steer(record, *body) : result<value>(tl::unexpected(body.error()));
  if (m.type == "backfill" && answered)
    return; // told once it is known how many
  if (auto reply = reply_to(m, answered))
    commands_.push_back(std::move(*reply));
}

result<value> schedule_agent::steer(const fold_record& record, const value& body) {
  const auto& verb = record.message.type;
  if (verb == "deploy")
    adopt(record), look();
  else if (!record_.deployed)
    return fail(fault::not_found, "there is no schedule " + record_.id);
  else if (verb == "remove")
    remove();
  else if (verb == "pause")
    pause();
  else if (verb == "resume")
    resume();
  else if (verb == "trigger")
    return trigger(record.message);
  else if (verb == "backfill")
    return fill(record.message, body);
  else
    return fail(fault::invalid, "a schedule takes no message \"" + verb + '"');
  return value::object({{"schedule", value::text(record_.id)}});
}

/// Takes over what the file says now. What came under the former words and is not settled yet is settled
/// under the new ones; before that the new ones count for nothing.
void schedule_agent::adopt(const fold_record& record) {
  const bool fresh = !record_.deployed;
  if (record.message.type == "deploy")
    record_.deployed = true;
  record_.absent = record.pin == absent_pin;
  if (record_.absent || !record_.deployed)
    return;
  const bool changed = record_.pin != record.pin;
  record_.pin = record.pin;
  if (fresh)
    record_.settled = record_.now;
  else if (changed && record_.next > record_.now)
    record_.settled = std::max(record_.settled, record_.now);
}

void schedule_agent::remove() {
  record_.deployed = false;
  record_.waiting.clear();
  record_.looking.reset();
  record_.problem.clear();
  commands_.push_back(command_of(fold_command::kind::clear, times_asked));
  set_timer(never);
  note("schedule_removed", {});
}

void schedule_agent::pause() {
  if (record_.paused)
    return;
  record_.paused = true;
  set_timer(never);
  note("schedule_paused", {});
}

/// What came in between is not made up for: backfill does that.
void schedule_agent::resume() {
  if (!record_.paused)
    return;
  record_.paused = false;
  record_.settled = record_.now;
  note("schedule_resumed", {});
  go_on();
  look();
}

/// A person wants it now, whatever else runs.
result<value> schedule_agent::trigger(const envelope& from) {
  if (!rule())
    return fail(fault::conflict, "the workflow " + record_.workflow + " is not on this node");
  claim now{record_.now, stable_ulid(record_.now, "schedule " + record_.id + " by " + from.id),
            start_reason::trigger};
  start(now);
  if (!record_.problem.empty())
    return fail(fault::invalid, record_.problem);
  return value::object({{"schedule", value::text(record_.id)}, {"run", value::text(now.run)}});
}

result<value> schedule_agent::fill(const envelope& from, const value& body) {
  const auto first = moment_in(body, "from");
  const auto last = moment_in(body, "to");
  if (!first || !last || *first > *last)
    return fail(fault::invalid, "`from` and `to` are instants, the earlier one first");
  if (*last > record_.now)
    return fail(fault::invalid, "`to` has not come yet");
  if (!rule() || record_.filling)
    return fail(fault::conflict, rule() ? "another backfill is about to begin"
                                        : "the workflow " + record_.workflow + " is not on this node");
  record_.filling = {*first, *last};
  if (from.kind == message_kind::call)
    record_.asker = {from.from, from.type, from.call_key, from.attempt};
  commands_.push_back(command_of(fold_command::kind::compute, backfill_asked));
  return value();
}

/// Asks the clockwork what came since it was last asked. Its answer is a record: whatever the rules of a time
/// zone become later, a fold gives the same again.
void schedule_agent::look() {
  if (!record_.deployed || record_.paused)
    return;
  if (record_.absent)
    return set_timer(record_.now + limits::schedule_looks_again);
  // The clock was put back: what comes again is claimed again, and meets its run.
  record_.settled = std::min(record_.settled, record_.now);
  if (!record_.looking)
    commands_.push_back(command_of(fold_command::kind::compute, times_asked));
  record_.looking = record_.now;
}

outcome schedule_agent::compute(const std::string& command) {
  const auto* of = rule();
  if (!of)
    return outcome::failure("unavailable", "its definition is not known");
  const auto when = clockwork::make(*of, zones_);
  if (!when)
    return outcome::failure("invalid", when.error().message);
  if (command == backfill_asked && record_.filling) {
    const auto [first, last] = *record_.filling;
    const auto most = limits::schedule_made_up_max;
    const auto found = when->latest(first - milliseconds(1), last, most + 1);
    if (found.size() > most)
      return outcome::failure("invalid", "these are more than " + std::to_string(most) + " instants");
    return outcome::success(object("due", milliseconds_of(found)).dump());
  }
  if (!record_.looking)
    return outcome::failure("canceled", "nobody asks any more");
  const auto found = coming(*when, *of, record_.settled, *record_.looking, delay());
  auto made = object("due", milliseconds_of(found.due), "missed", found.missed);
  if (found.next)
    made["next"] = to_ms(*found.next);
  return outcome::success(made.dump());
}

std::vector<std::string> schedule_agent::computing() const {
  std::vector<std::string> open;
  if (record_.looking)
    open.emplace_back(times_asked);
  if (record_.filling)
    open.emplace_back(backfill_asked);
  return open;
}

void schedule_agent::settle(const outcome& answer) {
  if (!record_.looking)
    return;
  const auto until = *std::exchange(record_.looking, std::nullopt);
  const auto* of = rule();
  const auto found = read_json(answer.ok ? answer.body : "null");
  record_.problem = answer.ok ? "" : answer.message;
  if (!of || !found.is_object()) {
    note("schedule_stuck", value::object({{"problem", value::text(record_.problem)}}));
    return set_timer(record_.now + limits::schedule_looks_again);
  }
  if (found.value("missed", false))
    note("instants_missed", value::object({{"after", moment(record_.settled)}, {"until", moment(until)}}));
  record_.next = found.contains("next") ? from_ms(found.at("next").get<std::int64_t>()) : never;
  record_.settled = std::min(until, record_.next - milliseconds(1));
  for (const auto& at : found.at("due")) {
    const auto nominal = from_ms(at.get<std::int64_t>());
    arrive({nominal, run_id(record_.id, nominal)});
  }
  if (!record_.paused)
    set_timer(record_.next == never ? never : later(record_.next, delay()(record_.next)));
}

void schedule_agent::filled(const outcome& answer) {
  record_.filling.reset();
  const auto found = read_json(answer.ok ? answer.body : "null");
  result<value> told = fail(fault::invalid, answer.message);
  if (found.is_object()) {
    for (const auto& at : found.at("due")) {
      const auto nominal = from_ms(at.get<std::int64_t>());
      claim what{nominal, run_id(record_.id, nominal), start_reason::backfill};
      rule()->overlap == overlap_rule::allow ? start(what) : wait_in_line(what);
    }
    go_on();
    told = value::object({{"schedule", value::text(record_.id)},
                          {"instants", value::of(static_cast<std::int64_t>(found.at("due").size()))}});
  }
  if (!record_.asker)
    return;
  envelope asked;
  asked.kind = message_kind::call;
  asked.from = record_.asker->from;
  asked.type = record_.asker->type;
  asked.call_key = record_.asker->call_key;
  asked.attempt = record_.asker->attempt;
  record_.asker.reset();
  commands_.push_back(*reply_to(asked, told));
}

/// An instant has come: it starts a run, waits, or is left out. One that comes late came while nobody looked;
/// what would have been its predecessor's end is over, so it waits for it instead of being left out.
void schedule_agent::arrive(const claim& what) {
  if (record_.paused)
    return skip(what, "paused");
  const auto known = [&](const claim& c) { return c.run == what.run; };
  if (std::any_of(record_.open.begin(), record_.open.end(), known) ||
      std::any_of(record_.waiting.begin(), record_.waiting.end(), known))
    return; // the clock was put back
  const bool free = record_.open.empty() && record_.waiting.empty();
  if (free || rule()->overlap == overlap_rule::allow)
    return start(what);
  const auto late = record_.now - later(what.nominal, delay()(what.nominal));
  switch (rule()->overlap) {
  case overlap_rule::skip:
    return late > limits::schedule_punctual ? wait_in_line(what) : skip(what, "the run before still lives");
  case overlap_rule::cancel_running:
    for (const auto& former : std::exchange(record_.waiting, {}))
      skip(former, "a later one came");
    cancel_open();
    return wait_in_line(what);
  case overlap_rule::queue:
  case overlap_rule::allow:
    return wait_in_line(what);
  }
}

void schedule_agent::wait_in_line(const claim& what) {
  if (record_.waiting.size() >= limits::schedule_made_up_max)
    return skip(what, "too many wait already");
  record_.waiting.push_back(what);
}

void schedule_agent::cancel_open() {
  for (auto& c : record_.open) {
    if (std::exchange(c.canceled, true))
      continue;
    const auto to = agent_id::make(record_.tenant, "workflow", c.run);
    if (!to)
      continue;
    auto told = command_of(fold_command::kind::send, "");
    told.to = *to;
    told.type = "cancel";
    told.body = "{}";
    commands_.push_back(std::move(told));
  }
}

/// The runs before are over: the next one's turn.
void schedule_agent::go_on() {
  while (!record_.paused && record_.open.empty() && !record_.waiting.empty()) {
    const auto next = record_.waiting.front();
    record_.waiting.pop_front();
    too_late(next) ? skip(next, "it waited longer than its catchup") : start(next);
  }
}

/// Under `skip` what was made up for does not pile up: the last one is never too late unless the file says
/// so.
bool schedule_agent::too_late(const claim& what) const {
  const auto* of = rule();
  if (!of || of->overlap != overlap_rule::skip || what.why != start_reason::schedule)
    return false;
  const bool last = record_.waiting.empty();
  return record_.now - what.nominal > catchup_of(*of) && (of->catchup || !last);
}

void schedule_agent::start(const claim& what) {
  const auto plan = known_.find(record_.pin);
  const auto event = value::object({{"schedule", value::text(record_.id)},
                                    {"time", moment(what.nominal)},
                                    {"reason", value::text(std::string(to_string(what.why)))}});
  const auto input = evaluate_trigger(rule()->input, plan->second, event, record_.now);
  const auto to = agent_id::make(record_.tenant, "workflow", what.run);
  record_.problem = input ? "" : "its input: " + input.error().message;
  if (!input || !to)
    return skip(what, record_.problem);
  auto c = command_of(fold_command::kind::call, what.run);
  c.to = *to;
  c.type = "start";
  c.call_key = what.run;
  c.body = to_text(value::object({{"workflow", value::text(record_.workflow)},
                                  {"input", *input},
                                  {"event", event},
                                  {"started_by", value::text("schedule/" + record_.id)}}));
  commands_.push_back(std::move(c));
  record_.open.push_back(what);
  record_.last = what;
  ++record_.started;
  note("run_started", value::object({{"instant", moment(what.nominal)}, {"run", value::text(what.run)}}));
}

void schedule_agent::skip(const claim& what, const std::string& why) {
  ++record_.skipped;
  note("instant_skipped", value::object({{"instant", moment(what.nominal)}, {"why", value::text(why)}}));
}

void schedule_agent::over(const std::string& run) {
  std::erase_if(record_.open, [&](const claim& c) { return c.run == run; });
  go_on();
}

void schedule_agent::set_timer(instant due) {
  commands_.push_back(command_of(fold_command::kind::clear, tick));
  if (due == never)
    return;
  commands_.push_back(command_of(fold_command::kind::timer, tick));
  commands_.back().due = due;
}

void schedule_agent::note(std::string type, const value& detail) {
  auto c = command_of(fold_command::kind::event, "");
  c.type = std::move(type);
  c.body = detail.is_null() ? "{}" : to_text(detail);
  commands_.push_back(std::move(c));
}

std::vector<journal::listing> schedule_agent::listings() {
  auto line = index_line(record_, rule());
  auto compared = line;
  compared.updated = listed_.updated;
  if (compared == listed_)
    return {};
  listed_ = line;
  return {std::move(line)};
}

result<void> schedule_agent::restore(std::uint32_t schema, std::string_view snapshot) {
  if (schema != 1)
    return fail(fault::refused, "a schedule of schema " + std::to_string(schema) + " needs a newer troupe");
  return decode(snapshot, record_);
}

kind_spec schedule_kind(std::shared_ptr<const catalog> known,
                        std::shared_ptr<const time_zone::zone_source> zones) {
  auto make = [known = std::move(known),
               zones = std::move(zones)](const agent_id& self) -> std::unique_ptr<fold_agent> {
    return std::make_unique<schedule_agent>(self, *known, *zones);
  };
  return kind("workflow.schedule").folded(std::move(make)).spec();
}

} // namespace troupe::workflow
