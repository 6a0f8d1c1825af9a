#include "runtime/agent/open_task.hpp"

#include "runtime/wire/journal.pb.h"
#include "runtime/wire/outcome_codec.hpp"

namespace troupe {
namespace {

template<class Message>
result<Message> parse(std::string_view bytes, const char* what) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, std::string("a ") + what + " row that cannot be read");
  return message;
}

} // namespace

std::string encode(const task_row& row) {
  wire::Task message;
  message.set_message(encode(row.message));
  message.set_handler_version(row.handler_version);
  message.set_begun(to_ms(row.begun));
  message.set_sender_birth(row.begun_by.sender_birth);
  message.set_number(row.begun_by.number);
  return message.SerializeAsString();
}

result<task_row> decode_task(std::string_view bytes) {
  auto message = parse<wire::Task>(bytes, "task");
  if (!message)
    return tl::unexpected(message.error());
  auto began_with = decode_envelope(message->message());
  if (!began_with)
    return tl::unexpected(began_with.error());
  task_row row;
  row.message = std::move(*began_with);
  row.handler_version = message->handler_version();
  row.begun = from_ms(message->begun());
  row.begun_by = stream_position{message->sender_birth(), lane::mail, message->number()};
  return row;
}

std::string encode(const answered_call& row) {
  wire::AnsweredCall message;
  message.set_arguments(row.arguments);
  wire::write(row.answer, *message.mutable_answer());
  return message.SerializeAsString();
}

result<answered_call> decode_answered_call(std::string_view bytes) {
  auto message = parse<wire::AnsweredCall>(bytes, "call key");
  if (!message)
    return tl::unexpected(message.error());
  answered_call row;
  row.arguments = message->arguments();
  row.answer = wire::read(message->answer());
  return row;
}

std::string encode(const timer_row& row) {
  wire::Timer message;
  message.set_due(to_ms(row.due));
  message.set_type(row.type);
  message.set_body(row.body);
  return message.SerializeAsString();
}

result<timer_row> decode_timer(std::string_view bytes) {
  auto message = parse<wire::Timer>(bytes, "timer");
  if (!message)
    return tl::unexpected(message.error());
  timer_row row;
  row.due = from_ms(message->due());
  row.type = message->type();
  row.body = message->body();
  return row;
}

std::string encode_base(const std::optional<std::string>& before) {
  wire::Base message;
  if (before)
    message.set_before(*before);
  return message.SerializeAsString();
}

std::optional<std::string> decode_base(std::string_view bytes) {
  wire::Base message;
  message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return message.has_before() ? std::optional(message.before()) : std::nullopt;
}

} // namespace troupe
