#include "runtime/wire/outcome_codec.hpp"

#include "runtime/wire/envelope.pb.h"

namespace troupe::wire {

void write(const outcome& from, Outcome& to) {
  to.set_failed(!from.ok);
  to.set_body(from.body);
  to.set_kind(from.kind);
  to.set_message(from.message);
  to.set_agent(from.agent);
  to.set_meta(from.meta);
}

outcome read(const Outcome& from) {
  outcome o;
  o.ok = !from.failed();
  o.body = from.body();
  o.kind = from.kind();
  o.message = from.message();
  o.agent = from.agent();
  o.meta = from.meta();
  return o;
}

std::string encode_outcome(const outcome& o) {
  Outcome message;
  write(o, message);
  return message.SerializeAsString();
}

result<outcome> decode_outcome(std::string_view bytes) {
  Outcome message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "an effect's recorded result cannot be read");
  return read(message);
}

} // namespace troupe::wire
