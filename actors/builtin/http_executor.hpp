#pragma once

#include "actors/http/transport.hpp"
#include "runtime/effects/executor.hpp"
#include "runtime/secrets/secret_vault.hpp"

#include <cstddef>

namespace troupe::builtin {

struct http_options {
  milliseconds timeout{30'000};
  std::size_t answer_bytes = 512 * 1024;
  int redirects = 5;
};

/// http.request, http.get, http.post: {status, headers, body}. What it leans on outlives it. Any thread.
///
/// Redirects are followed for GET and HEAD, never from https to http; another origin sees none of the step's
/// headers. A status from 400 on fails as http.NNN with an excerpt of the answer; `meta` tells status and
/// Retry-After.
class http_executor final : public effect_executor {
public:
  http_executor(http::http_transport& transport, clock_source& clock, const secret_vault& secrets,
                http_options how)
      : transport_(transport)
      , clock_(clock)
      , secrets_(secrets)
      , how_(how) {}

  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  outcome ask(const effect_request& request, revealed_secrets& secrets, const cancel_token& canceled);
  http::http_answer follow(http::http_call call, const cancel_token& canceled);

  http::http_transport& transport_;
  clock_source& clock_;
  const secret_vault& secrets_;
  http_options how_;
};

} // namespace troupe::builtin
