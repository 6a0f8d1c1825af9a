#include "workflows/triggers/message_gate.hpp"

#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/ulid.hpp"
#include "workflows/limits.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {

void message_gate::apply(const fold_record& record) {
  commands_.clear(); // as in run_agent
  if (record.from == fold_record::source::answer)
    return answered(record.command, record.answer, record.time);
  if (record.from != fold_record::source::mail || record.message.type != "event")
    return;
  const auto message = from_text(record.message.body);
  if (!message)
    return;
  const auto dedupe = text_in(*message, "dedupe");
  if (std::find(seen_.begin(), seen_.end(), dedupe) != seen_.end())
    return note("message_again", *message);
  if (!dedupe.empty())
    seen_.push_back(dedupe);
  if (seen_.size() > limits::messages_remembered_max)
    seen_.pop_front();
  take(*message, record.time);
}

void message_gate::take(const value& message, instant now) {
  if (open_.empty())
    start(message, now);
  else
    hand_on(message);
}

void message_gate::start(const value& message, instant now) {
  const auto run = stable_ulid(now, self_.text() + ' ' + text_in(message, "id"));
  const auto to = agent_id::make(self_.tenant(), "workflow", run);
  fold_command c;
  c.to = *to;
  c.type = "start";
  c.body = to_text(value::object({{"workflow", part(message, "workflow")},
                                  {"input", part(message, "input")},
                                  {"event", part(message, "event")},
                                  {"started_by", part(message, "started_by")}}));
  if (!text_in(message, "correlate").empty()) { // its end is of interest
    c.what = fold_command::kind::call;
    c.id = c.call_key = run;
    open_ = run;
  }
  commands_.push_back(std::move(c));
  note("run_started", with_field(message, "run", value::text(run)));
}

void message_gate::hand_on(const value& message) {
  fold_command c;
  c.what = fold_command::kind::call;
  c.id = "signal" + std::to_string(++number_);
  c.to = *agent_id::make(self_.tenant(), "workflow", open_);
  c.type = "signal";
  c.call_key = self_.text() + ' ' + c.id;
  c.body = to_text(value::object({{"name", part(message, "type")},
                                  {"correlation", part(message, "correlate")},
                                  {"body", part(message, "event")},
                                  {"id", part(message, "id")}}));
  handed_[c.id] = with_field(message, "run", value::text(open_));
  commands_.push_back(std::move(c));
}

void message_gate::answered(const std::string& command, const outcome& answer, instant now) {
  if (command == open_) {
    open_.clear();
    return;
  }
  const auto found = handed_.find(command);
  if (found == handed_.end())
    return;
  const auto message = std::move(found->second);
  handed_.erase(found);
  if (answer.ok)
    return note("message_handed_on", message);
  const bool over = answer.kind == "conflict" || answer.kind == "not_found";
  if (!over)
    return note("message_refused", with_field(message, "problem", value::text(answer.message)));
  if (open_ == text_in(message, "run")) // its end is on the way
    open_.clear();
  take(message, now);
}

void message_gate::note(std::string type, const value& message) {
  fold_command c;
  c.what = fold_command::kind::event;
  c.type = std::move(type);
  auto told = object("type", text_in(message, "type"), "id", text_in(message, "id"));
  for (const auto* name : {"run", "problem"})
    if (const auto text = text_in(message, name); !text.empty())
      told[name] = text;
  c.body = told.dump(-1, ' ', false, json::error_handler_t::replace);
  commands_.push_back(std::move(c));
}

std::string message_gate::snapshot() const {
  auto handed = json::object();
  for (const auto& [command, message] : handed_)
    handed[command] = to_text(message);
  return object("seen", seen_, "open", open_, "handed", std::move(handed), "number", number_).dump();
}

result<void> message_gate::restore(std::uint32_t schema, std::string_view snapshot) try {
  if (schema != 1)
    return fail(fault::refused, "a trigger of schema " + std::to_string(schema) + " needs a newer troupe");
  const auto from = read_json(snapshot);
  seen_ = from.at("seen").get<std::deque<std::string>>();
  open_ = from.at("open").get<std::string>();
  number_ = from.at("number").get<std::uint64_t>();
  for (const auto& [command, text] : from.at("handed").items()) {
    auto message = from_text(text.get<std::string>());
    if (!message)
      return tl::unexpected(message.error());
    handed_[command] = std::move(*message);
  }
  return {};
} catch (const std::exception& e) {
  return fail(fault::corrupt, std::string("a trigger's snapshot that cannot be read: ") + e.what());
}

kind_spec message_kind_of_triggers() {
  auto make = [](const agent_id& self) -> std::unique_ptr<fold_agent> {
    return std::make_unique<message_gate>(self);
  };
  return kind("workflow.message").folded(std::move(make)).kept(limits::messages_remembered).spec();
}

} // namespace troupe::workflow
