#include "cluster/member/member.hpp"

#include "cluster/wire/member.pb.h"

namespace troupe::cluster {

journal::member_row to_row(const member& m) {
  wire::Member body;
  body.set_address(m.address);
  body.set_door(m.door);
  body.set_build(m.build);
  body.set_weight(m.weight);
  body.set_reason(m.reason);
  body.set_since(to_ms(m.since));
  for (const auto& [name, value] : m.labels) {
    auto* label = body.add_labels();
    label->set_name(name);
    label->set_value(value);
  }
  for (const auto& kind : m.kinds)
    body.add_kinds(kind);
  for (const auto& v : m.votes) {
    auto* cast = body.add_votes();
    cast->set_by(v.by);
    cast->set_at(to_ms(v.at));
  }
  return {m.epoch, m.version, m.state, m.node, m.lease_until, body.SerializeAsString()};
}

member from_row(const journal::member_row& row) {
  member m;
  m.epoch = row.epoch;
  m.version = row.version;
  m.state = row.state;
  m.node = row.node;
  m.lease_until = row.lease_until;
  wire::Member body;
  if (!body.ParseFromString(row.body))
    return m;
  m.address = body.address();
  m.door = body.door();
  m.build = body.build();
  m.weight = body.weight();
  m.reason = body.reason();
  m.since = from_ms(body.since());
  for (const auto& label : body.labels())
    m.labels[label.name()] = label.value();
  m.kinds.assign(body.kinds().begin(), body.kinds().end());
  for (const auto& cast : body.votes())
    m.votes.push_back({cast.by(), from_ms(cast.at())});
  return m;
}

} // namespace troupe::cluster
