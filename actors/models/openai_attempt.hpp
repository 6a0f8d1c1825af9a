#pragma once

#include "actors/http/transport.hpp"
#include "actors/models/provider.hpp"

#include <optional>
#include <string>

namespace troupe::models {

using http::http_answer;
using http::http_call;
using http::http_fault;
using http::http_transport;
using http::stream_sink;

/// Why one attempt failed, and whether another may help.
struct attempt_failure {
  provider_failure why;
  bool again = false;
  std::optional<milliseconds> after; // the service asked for this wait
};

template<class T>
using attempted = tl::expected<T, attempt_failure>;

/// What one attempt works with.
struct openai_attempt {
  http_transport& transport;
  clock_source& clock;
  const http_call& call;
  const call_scope& scope;
};

/// Sends the call once. `stream` hands pieces on as they come, if the service streams.
attempted<chat_reply> try_chat(const openai_attempt& once, bool stream);
attempted<embed_reply> try_embed(const openai_attempt& once, std::size_t inputs);

/// The verdict on an answer that is no 200, or on none at all.
attempt_failure judge_answer(const http_answer& answer, instant now);

} // namespace troupe::models
