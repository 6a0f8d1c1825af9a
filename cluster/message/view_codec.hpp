#pragma once

#include "cluster/message/message.hpp"

namespace troupe::cluster::wire {

class AgentView;
class Report;
class Drained;
class Seen;

void write(const agent_view& from, AgentView& to);
result<agent_view> read(const AgentView& from);
void write(const std::vector<live_view>& from, Seen& to);
result<std::vector<live_view>> read(const Seen& from);
void write(const move_report& from, Report& to);
move_report read(const Report& from);
void write(const node_order_report& from, Drained& to);
node_order_report read(const Drained& from);

/// Of an enumeration with `count` values that begins with 0.
template<class E>
result<E> read_enum(std::uint32_t value, std::uint32_t count) {
  if (value >= count)
    return fail(fault::corrupt, "a message holds a value that this build does not know");
  return static_cast<E>(value);
}

} // namespace troupe::cluster::wire
