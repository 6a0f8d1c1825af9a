#include "runtime/node/ingress_row.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/wire/journal.pb.h"
#include "runtime/wire/outcome_codec.hpp"

namespace troupe {

std::string encode(const ingress_row& row) {
  wire::Ingress message;
  message.set_body_hash(row.body_hash);
  message.set_message(row.message);
  message.set_trace(row.trace);
  message.set_is_call(row.is_call);
  if (row.reply)
    wire::write(*row.reply, *message.mutable_reply());
  return message.SerializeAsString();
}

result<ingress_row> decode_ingress(std::string_view bytes) {
  wire::Ingress message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "a deduplication row that cannot be read");
  ingress_row row;
  row.body_hash = message.body_hash();
  row.message = message.message();
  row.trace = message.trace();
  row.is_call = message.is_call();
  if (message.has_reply())
    row.reply = wire::read(message.reply());
  return row;
}

std::string dedupe_key(const inject_request& request) {
  return request.principal + '\x1f' + request.to.text() + '\x1f' + request.idempotency_key;
}

std::uint64_t body_hash(const inject_request& request) {
  return stable_hash(request.type + '\x1f' + request.body);
}

} // namespace troupe
