#include "workflows/agents/file_agent.hpp"

#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/agents/predict_plan.hpp"
#include "workflows/builtin/decision.hpp"
#include "workflows/run/computing.hpp"
#include "workflows/run/listening.hpp"
#include "workflows/run/scope.hpp"
#include "workflows/run/view.hpp"
#include "workflows/run/wire.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

fold_command reply_to(const envelope& from, outcome answer) {
  fold_command c;
  c.what = fold_command::kind::reply;
  c.to = from.from;
  c.target = from.type;
  c.call_key = from.call_key;
  c.attempt = from.attempt;
  c.answer = std::move(answer);
  return c;
}

std::string actions_of(const agent_plan& file) {
  std::string names;
  for (const auto& [name, what] : file.actions)
    names += (names.empty() ? "" : ", ") + name;
  return names;
}

} // namespace

file_agent::file_agent(const agent_id& self, const catalog& known)
    : self_(self)
    , catalog_(known) {}

file_agent::~file_agent() = default;

std::optional<fold_pin> file_agent::pin(const fold_record& record) {
  if (record.from != fold_record::source::mail)
    return std::nullopt;
  const auto found = catalog_.find_agent(self_.kind());
  if (!found)
    return std::nullopt;
  return fold_pin{found->key, found->text};
}

result<void> file_agent::know(const fold_pin& pin) {
  if (known_.contains(pin.key))
    return {};
  auto file = catalog_.read_agent(pin.key, pin.text);
  if (!file)
    return tl::unexpected(file.error());
  known_[pin.key] = std::move(*file);
  return {};
}

void file_agent::apply(const fold_record& record) {
  commands_.clear(); // as in run_agent
  now_ = std::max(now_, record.time);
  if (record.from == fold_record::source::mail)
    return take_mail(record);
  if (!task_)
    return;
  task_->now = now_;
  engine on(*task_, commands_);
  if (record.from == fold_record::source::answer)
    on.answered(record.command, record.answer);
  else if (record.from == fold_record::source::due)
    on.due(record.command);
  else if (record.from == fold_record::source::signal)
    on.signaled({record.message.type, record.message.correlation, record.message.id,
                 from_text(record.message.body).value_or(value())});
  else if (!task_->callers.empty() && task_->callers.front().call_key == record.message.call_key)
    on.cancel();
  on.work();
  if (is_over(task_->state))
    task_.reset();
}

std::vector<fold_command> file_agent::decide(const fold_record& record) {
  auto commands = std::exchange(commands_, {});
  begin_listeners_of_emits(catalog_, self_, record, commands);
  return commands;
}

void file_agent::take_mail(const fold_record& record) {
  const auto& m = record.message;
  const auto file = known_.find(record.pin);
  if (file == known_.end())
    return refuse(m, {"unavailable", "no file says what a " + self_.kind() + " does", {}});
  const auto found = file->second.made->actions.find(m.type);
  if (found == file->second.made->actions.end())
    return refuse(
        m, {"invalid",
            self_.kind() + " has no action \"" + m.type + "\"; it has " + actions_of(*file->second.made),
            {}});
  if (const auto wrong = misfit(found->second.input.get(), m.body.empty() ? "{}" : m.body); !wrong.empty())
    return refuse(m, {"invalid", "the input does not fit: " + wrong, {}});
  if (found->second.decision)
    return judge_table(record, found->second, file->second);
  begin(record, found->second, file->second);
}

void file_agent::refuse(const envelope& from, const failure& why) {
  if (from.kind == message_kind::call)
    return commands_.push_back(reply_to(from, outcome::failure(why.kind, why.message, self_.text())));
  fold_command c;
  c.what = fold_command::kind::event;
  c.type = "message_refused";
  c.body = object("type", from.type, "kind", why.kind, "message", why.message).dump();
  commands_.push_back(std::move(c));
}

void file_agent::begin(const fold_record& record, const action& what, const kept_agent& file) {
  const auto& m = record.message;
  task_ = std::make_unique<run_record>();
  task_->id = m.call_key.empty() ? m.id : m.call_key;
  task_->tenant = self_.tenant();
  task_->secret = [this](std::string_view name) { return catalog_.secret_reference(name, self_.text()); };
  task_->workflow = self_.kind() + '.' + what.name;
  task_->definition = what.run ? what.run : predict_plan(*file.made, what);
  task_->plan_hash = record.pin;
  task_->env = file.env;
  task_->never_parks = true;
  task_->epoch = static_cast<std::uint32_t>(++tasks_);
  task_->until = m.kind == message_kind::call ? m.deadline : never;
  task_->started_by = m.from.empty() ? m.principal : m.from.text();
  task_->trace = m.trace;
  task_->started = task_->now = now_;
  task_->input = from_text(m.body).value_or(value());
  if (task_->input.is_null())
    task_->input = value::object({});
  task_->chain = m.chain;
  if (m.kind == message_kind::call)
    task_->callers.push_back({m.from, m.type, m.call_key, m.attempt});
  action_ = what.name;
  pin_ = record.pin;
  engine on(*task_, commands_);
  on.arm_deadline();
  on.start_run();
  on.work();
  if (is_over(task_->state))
    task_.reset();
}

void file_agent::judge_table(const fold_record& record, const action& what, const kept_agent& file) {
  run_record facts;
  facts.id = record.message.id;
  facts.now = now_;
  facts.env = file.env;
  facts.input = from_text(record.message.body).value_or(value());
  static const step nowhere;
  instance at;
  at.what = &nowhere;
  static const auto no_steps = std::make_shared<const plan>();
  facts.definition = no_steps;
  const auto judged = judge(*what.decision, run_scope(facts, at));
  if (!judged)
    return refuse(record.message, {"invalid", judged.error().message, {}});
  if (record.message.kind == message_kind::call)
    commands_.push_back(reply_to(record.message, outcome::success(to_text(*judged))));
}

outcome file_agent::compute(const std::string& command) {
  return task_ ? compute_step(*task_, command)
               : outcome::failure("invalid", "nothing is computed under " + command);
}

std::vector<std::string> file_agent::computing() const {
  return task_ ? open_computations(*task_) : std::vector<std::string>();
}

std::string file_agent::snapshot() const {
  auto made = object("tasks", tasks_, "now", to_ms(now_), "action", action_, "pin", pin_);
  if (task_) {
    made["id"] = task_->id;
    made["until"] = task_->until == never ? json() : json(to_ms(task_->until));
    made["task"] = encode(*task_);
  }
  return made.dump();
}

std::string file_agent::describe() const {
  auto made = object("actions_begun", tasks_);
  if (task_) {
    made["action"] = action_;
    made["task"] = json::parse(view_of(*task_));
  }
  return made.dump();
}

result<void> file_agent::restore(std::uint32_t schema, std::string_view snapshot) {
  const auto from = read_json(snapshot);
  if (schema != 1 || !from.is_object())
    return fail(fault::refused, "a snapshot of " + self_.text() + " that this build cannot read");
  tasks_ = from.value("tasks", std::uint64_t{0});
  now_ = from_ms(from.value("now", std::int64_t{0}));
  action_ = from.value("action", "");
  pin_ = from.value("pin", "");
  if (!from.contains("task"))
    return {};
  const auto file = known_.find(pin_);
  const auto* found = file == known_.end() ? nullptr : file->second.made->find(action_);
  if (!found)
    return fail(fault::corrupt, "the definition of " + self_.kind() + "." + action_ + " is missing");
  task_ = std::make_unique<run_record>();
  task_->id = from.value("id", "");
  task_->tenant = self_.tenant();
  task_->secret = [this](std::string_view name) { return catalog_.secret_reference(name, self_.text()); };
  task_->never_parks = true;
  task_->until = from.at("until").is_null() ? never : from_ms(from.at("until").get<std::int64_t>());
  const auto plan = found->run ? found->run : predict_plan(*file->second.made, *found);
  return decode(from.at("task").get<std::string>(), {{pin_, {plan, file->second.env}}}, *task_);
}

} // namespace troupe::workflow
