#include "runtime/agent/fold_rows.hpp"

#include "runtime/wire/journal.pb.h"
#include "runtime/wire/outcome_codec.hpp"

namespace troupe {

std::string encode(const fold_record& record) {
  wire::FoldRecord message;
  message.set_number(record.number);
  message.set_source(static_cast<std::uint32_t>(record.from));
  message.set_time(to_ms(record.time));
  if (!record.message.to.empty())
    message.set_message(encode(record.message));
  message.set_command(record.command);
  if (record.from == fold_record::source::answer)
    wire::write(record.answer, *message.mutable_answer());
  message.set_pin(record.pin);
  return message.SerializeAsString();
}

result<fold_record> decode_fold_record(std::string_view bytes) {
  wire::FoldRecord message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "a fold record that cannot be read");
  if (message.source() > static_cast<std::uint32_t>(fold_record::source::cancel))
    return fail(fault::refused, "a fold record of a kind this build does not know");
  fold_record record;
  record.number = message.number();
  record.from = static_cast<fold_record::source>(message.source());
  record.time = from_ms(message.time());
  record.command = message.command();
  if (message.has_answer())
    record.answer = wire::read(message.answer());
  record.pin = message.pin();
  if (message.message().empty())
    return record;
  auto e = decode_envelope(message.message());
  if (!e)
    return tl::unexpected(e.error());
  record.message = std::move(*e);
  return record;
}

std::string encode(const waiting_command& row) {
  wire::Command message;
  message.set_kind(static_cast<std::uint32_t>(row.what));
  message.set_call_key(row.call_key);
  if (row.due != never)
    message.set_due(to_ms(row.due));
  message.set_call_number(row.call_number);
  message.set_target(row.target);
  if (!row.to.empty()) {
    message.mutable_to()->set_tenant(row.to.tenant());
    message.mutable_to()->set_kind(row.to.kind());
    message.mutable_to()->set_key(row.to.key());
  }
  message.set_type(row.type);
  message.set_attempt(row.attempt);
  message.set_trace(row.trace);
  message.set_at(to_ms(row.at));
  return message.SerializeAsString();
}

result<waiting_command> decode_command(const std::string& id, std::string_view bytes) {
  wire::Command message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "a waiting command that cannot be read");
  waiting_command row;
  row.what = static_cast<fold_command::kind>(message.kind());
  row.id = id;
  row.call_key = message.call_key();
  row.due = message.has_due() ? from_ms(message.due()) : never;
  row.call_number = message.call_number();
  row.target = message.target();
  row.type = message.type();
  row.attempt = message.attempt();
  row.trace = message.trace();
  row.at = from_ms(message.at());
  if (!message.has_to())
    return row;
  auto to = agent_id::make(message.to().tenant(), message.to().kind(), message.to().key());
  if (!to)
    return tl::unexpected(to.error());
  row.to = std::move(*to);
  return row;
}

} // namespace troupe
