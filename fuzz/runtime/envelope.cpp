// Any bytes are an envelope or an error; what is one comes out of any number of hops the same.
#include "runtime/message/envelope.hpp"

#include <cstddef>
#include <cstdlib>

namespace {

void must(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = troupe::decode_envelope({reinterpret_cast<const char*>(data), size});
  if (!read)
    return 0;
  must(!read->to.empty());
  must(troupe::agent_id::parse(read->to.text()) == read->to);
  const auto once = troupe::encode(*read);
  const auto again = troupe::decode_envelope(once);
  must(again.has_value());
  must(again->to == read->to && again->from == read->from && again->chain == read->chain);
  must(again->type == read->type && again->body == read->body && again->unknown == read->unknown);
  must(troupe::encode(*again) == once);
  return 0;
}
