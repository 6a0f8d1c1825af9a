#include "runtime/message/envelope.hpp"

#include "runtime/wire/envelope.pb.h"
#include "runtime/wire/outcome_codec.hpp"

#include <google/protobuf/unknown_field_set.h>
#include <limits>

namespace troupe {
namespace {

void write(const agent_id& from, wire::Address& to) {
  if (from.tenant() != "default")
    to.set_tenant(from.tenant());
  to.set_kind(from.kind());
  to.set_key(from.key());
}

result<agent_id> read(const wire::Address& from) {
  if (from.kind().empty() && from.key().empty())
    return agent_id();
  return agent_id::make(from.tenant().empty() ? "default" : from.tenant(), from.kind(), from.key());
}

void write_call(const envelope& e, wire::Envelope& to) {
  to.set_call_key(e.call_key);
  to.set_attempt(e.attempt);
  if (e.deadline != never)
    to.set_deadline(to_ms(e.deadline));
  for (const auto& waiting : e.chain)
    write(waiting, *to.add_chain());
  to.set_once(e.once);
  to.set_call_number(e.call_number);
  to.set_told(e.told);
}

result<void> read_call(const wire::Envelope& from, envelope& e) {
  e.call_key = from.call_key();
  e.attempt = from.attempt();
  e.deadline = from.has_deadline() ? from_ms(from.deadline()) : never;
  e.once = from.once();
  e.call_number = from.call_number();
  e.told = from.told();
  for (const auto& waiting : from.chain()) {
    auto id = read(waiting);
    if (!id)
      return tl::unexpected(id.error());
    e.chain.push_back(std::move(*id));
  }
  return {};
}

/// All that this build does not know, within the parts too. Parsed behind the known fields it merges with
/// them; only what is unknown within an agent of the chain is lost, since repeated parts do not merge.
std::string unknown_of(const wire::Envelope& from) {
  wire::Envelope rest;
  auto keep = [](const auto& known, auto part) {
    const auto& unknown = known.GetReflection()->GetUnknownFields(known);
    if (!unknown.empty())
      part()->GetReflection()->MutableUnknownFields(part())->MergeFrom(unknown);
  };
  keep(from, [&] { return &rest; });
  keep(from.from(), [&] { return rest.mutable_from(); });
  keep(from.to(), [&] { return rest.mutable_to(); });
  keep(from.answer(), [&] { return rest.mutable_answer(); });
  return rest.SerializeAsString();
}

result<void> read_addresses(const wire::Envelope& from, envelope& e) {
  auto sender = read(from.from());
  auto receiver = read(from.to());
  if (!sender || !receiver || receiver->empty())
    return fail(fault::corrupt, "an envelope without a readable address");
  e.from = std::move(*sender);
  e.to = std::move(*receiver);
  return {};
}

} // namespace

std::string encode(const envelope& e) {
  wire::Envelope message;
  message.set_kind(static_cast<std::uint32_t>(e.kind));
  message.set_id(e.id);
  if (!e.from.empty())
    write(e.from, *message.mutable_from());
  write(e.to, *message.mutable_to());
  message.set_type(e.type);
  message.set_body(e.body);
  message.set_sent(to_ms(e.sent));
  message.set_trace(e.trace);
  write_call(e, message);
  if (e.kind == message_kind::reply)
    wire::write(e.answer, *message.mutable_answer());
  message.set_correlation(e.correlation);
  message.set_principal(e.principal);
  auto bytes = message.SerializeAsString();
  bytes += e.unknown;
  return bytes;
}

result<envelope> decode_envelope(std::string_view bytes) {
  wire::Envelope message;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "an envelope that is no message of this protocol");
  if (message.kind() > static_cast<std::uint32_t>(message_kind::stop))
    return fail(fault::refused, "an envelope of a kind this build does not know",
                "a newer node sent it: upgrade this one");
  envelope e;
  if (auto read = read_addresses(message, e); !read)
    return tl::unexpected(read.error());
  if (auto read = read_call(message, e); !read)
    return tl::unexpected(read.error());
  e.kind = static_cast<message_kind>(message.kind());
  e.id = message.id();
  e.type = message.type();
  e.body = message.body();
  e.sent = from_ms(message.sent());
  e.trace = message.trace();
  e.answer = wire::read(message.answer());
  e.correlation = message.correlation();
  e.principal = message.principal();
  e.unknown = unknown_of(message);
  return e;
}

} // namespace troupe
