#pragma once

#include "actors/http/transport.hpp"
#include "actors/models/openai_key.hpp"
#include "actors/models/openai_wire.hpp"
#include "actors/models/provider.hpp"
#include "actors/models/retry.hpp"

#include <memory>
#include <string>

namespace troupe::models {

using http::http_answer;
using http::http_call;
using http::http_fault;
using http::http_transport;
using http::stream_sink;

/// One OpenAI-compatible service.
struct openai_settings {
  std::string name; // in messages and metrics
  std::string url;  // with its version: https://api.openai.com/v1
  openai_dialect dialect;
  retry_policy retry;
  milliseconds connect{5'000};
  milliseconds first_byte{60'000};
  milliseconds idle{60'000};
  milliseconds attempt{120'000};    // of one attempt
  milliseconds total{300'000};      // of all attempts together, if the call's deadline is not nearer
  bool key_over_plain_http = false; // beyond this machine, all on the way can read it
};

/// What the provider leans on. Everything outlives the provider and may be used from several threads at once.
struct openai_ports {
  http_transport& transport;
  clock_source& clock;
  random_source& random;
  waiter& pause;
  key_source key;
};

/// Chat and embeddings at an OpenAI-compatible service.
///
/// Repeats what may help: connections that fail, silence, answers cut before anything was handed on, 408,
/// 409, 425, 429 and 5xx; waits as `Retry-After` says or with full jitter, never past the deadline. Once a
/// piece of a streamed answer has been handed on, the attempt is final: a second one would tell another story
/// from the start, and the piece cannot be taken back.
class openai_provider final : public model_provider {
public:
  /// Refuses URLs that are none or that hold credentials.
  static result<std::unique_ptr<openai_provider>> make(openai_settings settings, openai_ports ports);

  provided<answered<chat_reply>> generate(const chat_request& request, const call_scope& scope) override;
  provided<answered<embed_reply>> embed(const embed_request& request, const call_scope& scope) override;

private:
  openai_provider(openai_settings settings, openai_ports ports);

  /// Makes attempts until one succeeds, none may help any more or the time is up.
  template<class Reply, class Once>
  provided<answered<Reply>> repeat(http_call call, const call_scope& scope, const Once& once);

  http_call prepare(const char* path, std::string body) const;
  provided<std::string> authorise(http_call& call, const call_scope& scope) const;

  openai_settings settings_;
  openai_ports ports_;
};

} // namespace troupe::models
