#include "cluster/link/handshake.hpp"

#include "cluster/wire/link.pb.h"

namespace troupe::cluster {

std::string encode(const greeting& g) {
  wire::Hello hello;
  hello.set_version_min(g.version_min);
  hello.set_version_max(g.version_max);
  hello.set_cluster(g.cluster);
  hello.set_from(g.from);
  hello.set_to(g.to);
  hello.set_lane(static_cast<std::uint32_t>(g.lane));
  return hello.SerializeAsString();
}

result<greeting> decode_greeting(std::string_view bytes) {
  wire::Hello hello;
  if (!hello.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || hello.lane() >= link_lanes)
    return fail(fault::corrupt, "the greeting cannot be read");
  greeting g;
  g.version_min = hello.version_min();
  g.version_max = hello.version_max();
  g.cluster = hello.cluster();
  g.from = hello.from();
  g.to = hello.to();
  g.lane = static_cast<link_lane>(hello.lane());
  return g;
}

std::string encode(const welcome& w) {
  wire::Welcome out;
  out.set_version(w.version);
  out.set_received(w.received);
  out.set_credit(w.credit);
  out.set_refused(w.refused);
  return out.SerializeAsString();
}

result<welcome> decode_welcome(std::string_view bytes) {
  wire::Welcome in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(fault::corrupt, "the answer to the greeting cannot be read");
  return welcome{in.version(), in.received(), in.credit(), in.refused()};
}

std::string refusal(const greeting& g, const std::string& cluster, node_epoch self, bool lives) {
  if (g.version_min > protocol::version_max || g.version_max < protocol::version_min)
    return "it speaks versions " + std::to_string(g.version_min) + " to " + std::to_string(g.version_max) +
           " of the protocol, this node " + std::to_string(protocol::version_min) + " to " +
           std::to_string(protocol::version_max);
  if (g.cluster != cluster)
    return "it belongs to another cluster";
  if (g.to != self)
    return "it means epoch " + std::to_string(g.to) + ", this node is epoch " + std::to_string(self);
  if (!lives)
    return "epoch " + std::to_string(g.from) + " is no living member";
  return {};
}

} // namespace troupe::cluster
