#include "runtime/task/turn_codec.hpp"

#include "runtime/wire/journal.pb.h"
#include "runtime/wire/outcome_codec.hpp"

#include <google/protobuf/unknown_field_set.h>
#include <limits>

namespace troupe {
namespace {

void write(const ask& from, wire::Asked& to) {
  to.set_effect(from.effect);
  to.set_verb(from.verb);
  to.set_target(from.target);
  to.set_arguments(from.arguments);
  if (from.due != never)
    to.set_due(to_ms(from.due));
  to.set_call_key(from.call_key);
  to.set_attempt(from.attempt);
  to.set_call_number(from.call_number);
  to.set_at(to_ms(from.at));
}

ask read(const wire::Asked& from) {
  ask a;
  a.effect = from.effect();
  a.verb = from.verb();
  a.target = from.target();
  a.arguments = from.arguments();
  a.due = from.has_due() ? from_ms(from.due()) : never;
  a.call_key = from.call_key();
  a.attempt = from.attempt();
  a.call_number = from.call_number();
  a.at = from_ms(from.at());
  return a;
}

void write(const note& from, wire::Noted& to) {
  to.set_effect(from.effect);
  to.set_verb(from.verb);
  to.set_target(from.target);
  to.set_arguments(from.arguments);
  wire::write(from.result, *to.mutable_result());
}

note read(const wire::Noted& from) {
  note n;
  n.effect = from.effect();
  n.verb = from.verb();
  n.target = from.target();
  n.arguments = from.arguments();
  n.result = wire::read(from.result());
  return n;
}

} // namespace

std::string encode(const turn_record& record) {
  wire::Turn message;
  message.set_time(to_ms(record.time));
  message.set_resumed_by(record.resumed_by);
  message.set_canceled(record.canceled);
  message.set_cancel_reason(record.cancel_reason);
  if (!record.resumed_by.empty())
    wire::write(record.answer, *message.mutable_answer());
  for (const auto& asked : record.asked)
    write(asked, *message.add_asked());
  for (const auto& noted : record.noted)
    write(noted, *message.add_noted());
  return message.SerializeAsString() + record.unknown;
}

result<turn_record> decode_turn(std::string_view bytes) {
  wire::Turn message;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "a turn record that cannot be read");
  turn_record record;
  record.time = from_ms(message.time());
  record.resumed_by = message.resumed_by();
  record.canceled = message.canceled();
  record.cancel_reason = message.cancel_reason();
  record.answer = wire::read(message.answer());
  for (const auto& asked : message.asked())
    record.asked.push_back(read(asked));
  for (const auto& noted : message.noted())
    record.noted.push_back(read(noted));
  message.GetReflection()->GetUnknownFields(message).SerializeToString(&record.unknown);
  return record;
}

} // namespace troupe
