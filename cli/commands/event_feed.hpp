#pragma once

#include "cli/client/node_client.hpp"
#include "runtime/base/json_fwd.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe::cli {

/// Reads agents' histories on from where it last stopped.
class event_feed {
public:
  explicit event_feed(node_client& node)
      : node_(node) {}

  /// Events of `agent` not given out before, each with "agent" added. An agent that is gone has none.
  result<std::vector<json>> fresh(const std::string& agent);

private:
  struct place {
    std::string cursor;     // of the page that was read last
    std::uint64_t seen = 0; // highest event number given out
  };

  result<json> read_page(const std::string& agent, const std::string& cursor);
  static void take(const json& page, const std::string& agent, place& at, std::vector<json>& into);

  node_client& node_;
  std::map<std::string, place> places_;
};

} // namespace troupe::cli
