// Any bytes are a message between nodes or an error; what is one comes out of another hop the same.
#include "cluster/message/message.hpp"

#include <cstddef>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = troupe::cluster::decode_message({reinterpret_cast<const char*>(data), size});
  if (!read)
    return 0;
  const auto once = troupe::cluster::encode(*read);
  const auto again = troupe::cluster::decode_message(once);
  if (!again || again->index() != read->index() || troupe::cluster::encode(*again) != once)
    std::abort();
  return 0;
}
