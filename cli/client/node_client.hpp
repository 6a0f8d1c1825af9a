#pragma once

#include "cli/client/http_transport.hpp"
#include "runtime/address/agent_id.hpp"
#include "runtime/base/json_fwd.hpp"

#include <memory>
#include <string>

namespace troupe::cli {

/// A node's API in JSON: error bodies come back as errors.
class node_client {
public:
  node_client(std::unique_ptr<http_transport> transport, std::string url);

  const std::string& url() const noexcept { return url_; }

  result<json> get(const std::string& target);
  result<json> post(const std::string& target, const json& body);
  /// The answer as it came, whatever its status.
  result<http_reply> send(const http_call& call) { return transport_->send(call); }

private:
  std::unique_ptr<http_transport> transport_;
  std::string url_;
};

/// The body of a successful reply, or the error its body tells.
result<json> read_reply(const http_reply& reply);
error read_error(const json& body, int status);

/// Up to `limit` items of a list, page by page.
struct listing {
  std::vector<json> items;
  bool complete = true;
};
result<listing> fetch_list(node_client& node, const std::string& path, const std::string& query,
                           std::size_t limit);

/// "/v1/agents/KIND/KEY" of an agent as people write it.
result<std::string> agent_path(const std::string& agent);

} // namespace troupe::cli
