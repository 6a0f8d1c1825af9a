#pragma once

#include "runtime/agent/fold_agent.hpp"

#include <string>
#include <string_view>

namespace troupe {

/// A fold's command that waits for an answer, as the journal keeps it.
struct waiting_command {
  fold_command::kind what = fold_command::kind::call;
  std::string id;
  std::string call_key;
  instant due = never;
  std::uint64_t call_number = 0;
  std::string target;
  agent_id to;
  std::string type;
  std::uint32_t attempt = 0;
  std::string trace;
  instant at{};
};
std::string encode(const waiting_command& row);
result<waiting_command> decode_command(const std::string& id, std::string_view bytes);

} // namespace troupe
