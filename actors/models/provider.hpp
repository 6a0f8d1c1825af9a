#pragma once

#include "actors/models/chat.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/executor.hpp"

#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace troupe::models {

/// Why a provider gave no answer. `kind` is an error kind of the workflow language: timeout, unavailable,
/// rate_limited, invalid, canceled, http.NNN, model.truncated, model.refused, model.quota or
/// model.bad_response.
struct provider_failure {
  std::string kind;
  std::string message; // one sentence; never holds a key
  int attempts = 0;
  bool delivered = false;           // pieces have been handed on, so nobody may silently try elsewhere
  std::string model;                // as answered, when an answer came but cannot be used
  std::optional<token_usage> usage; // of an answer that was paid for and cannot be used
};

template<class T>
using provided = tl::expected<T, provider_failure>;

/// How one call is made, beside what it asks.
struct call_scope {
  instant deadline = never;    // store time
  std::string idempotency_key; // goes out with every attempt; may be empty
  const cancel_token& canceled;
  progress_sink& progress;
};

/// An answer with what it took to get it.
template<class T>
struct answered {
  T reply;
  int attempts = 1;
};

/// Speaks to one model service. Blocking; called on worker threads, from several at once. Ends by the
/// deadline at the latest, soon after a cancel, and never throws for anything the other side does.
class model_provider {
public:
  virtual ~model_provider() = default;
  virtual provided<answered<chat_reply>> generate(const chat_request& request, const call_scope& scope) = 0;
  virtual provided<answered<embed_reply>> embed(const embed_request& request, const call_scope& scope) = 0;
};

} // namespace troupe::models
