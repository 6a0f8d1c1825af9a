#pragma once

#include "actors/http/transport.hpp"

#include <memory>

namespace troupe::http {

/// The transport over libcurl. Keeps up to limits::idle_connections handles with their open connections; one
/// handle serves one call at a time. Ignores proxy variables of the environment: `proxy` is the only one,
/// empty for none.
class curl_transport final : public http_transport {
public:
  explicit curl_transport(std::string proxy = {});
  ~curl_transport() override;

  http_answer send(const http_call& call, const cancel_token& canceled, const stream_sink& stream) override;

private:
  struct pool;
  std::unique_ptr<pool> pool_;
};

} // namespace troupe::http
