// Any bytes on a fresh link are payloads, greetings and batches, or end it; never more memory than they are
// long.
#include "cluster/link/framing.hpp"
#include "cluster/link/lane_stream.hpp"

#include <cstddef>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace troupe::cluster;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  frame_reader reader(link_limits::greeting_bytes);
  lane_receiver in;
  lane_sender out;
  while (out.queued_bytes() < 8)
    if (!out.offer("frame"))
      std::abort();
  out.opened(0, 1'000);
  const auto batch = out.next_batch();
  while (!bytes.empty()) { // in pieces, as sockets give them
    const auto piece = bytes.substr(0, 1 + bytes.size() / 3);
    bytes.remove_prefix(piece.size());
    reader.add(piece);
    for (auto next = reader.next(); next && *next; next = reader.next()) {
      if (auto greeted = decode_greeting(**next))
        static_cast<void>(refusal(*greeted, "cluster", 1, true));
      static_cast<void>(decode_welcome(**next));
      const auto before = in.received();
      if (auto frames = in.take(**next); frames && in.received() != before + frames->size())
        std::abort();
      if (auto acked = decode_ack(**next))
        static_cast<void>(out.acknowledged(*acked));
    }
  }
  return 0;
}
