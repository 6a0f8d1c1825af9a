#include "workflows/triggers/event_router.hpp"

#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/run/listening.hpp"
#include "workflows/run/wire.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {

void event_router::apply(const fold_record& record) {
  if (record.from == fold_record::source::mail)
    ++messages_;
}

/// Who listens is what the node knows now: decided once, when the message is taken.
std::vector<fold_command> event_router::decide(const fold_record& record) {
  if (record.from != fold_record::source::mail)
    return {};
  const auto& m = record.message;
  const auto body = from_text(m.body);
  const auto agent = self_.kind() == "workflow.events" ? self_.key() : self_.kind();
  said_event said{agent, m.type, body ? *body : value(), m.id, self_.tenant(), record.time};
  std::vector<std::string> problems;
  auto commands = begin_listeners(catalog_, said, problems);
  const auto begun = static_cast<std::int64_t>(commands.size());
  result<value> told = value::object({{"listeners", value::of(begun)}});
  if (!problems.empty())
    told = fail(fault::invalid, problems.front());
  else if (commands.empty())
    told = fail(fault::not_found, "no workflow begins with a message " + m.type + " of " + agent);
  if (auto reply = reply_to(m, told)) {
    commands.push_back(std::move(*reply));
  } else if (!told) {
    fold_command refused;
    refused.what = fold_command::kind::event;
    refused.type = "message_refused";
    refused.body = object("type", m.type, "message", told.error().message).dump();
    commands.push_back(std::move(refused));
  }
  return commands;
}

std::string event_router::snapshot() const { return object("messages", messages_).dump(); }

result<void> event_router::restore(std::uint32_t schema, std::string_view snapshot) {
  const auto from = read_json(snapshot);
  if (schema != 1 || !from.is_object())
    return fail(fault::refused, "a snapshot of " + self_.text() + " that this build cannot read");
  messages_ = from.value("messages", std::uint64_t{0});
  return {};
}

kind_spec event_kind(std::string name, std::shared_ptr<const catalog> known) {
  auto make = [known = std::move(known)](const agent_id& self) -> std::unique_ptr<fold_agent> {
    return std::make_unique<event_router>(self, *known);
  };
  return kind(std::move(name)).folded(std::move(make)).spec();
}

} // namespace troupe::workflow
