#pragma once

#include "runtime/base/time.hpp"
#include "runtime/effects/outcome.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace troupe {

/// One effect on the outside world, as its row in the journal holds it.
struct effect_request {
  std::string verb;            // "model.generate", "http.request"
  std::string target;          // what it acts on: a model segment, a URL's host
  std::string body;            // JSON text of the caller's arguments
  std::string idempotency_key; // the same over retries, restarts and moves
  std::string agent;           // who asks, for logs and metrics
  instant deadline = never;
  bool repeated = false; // an earlier execution may have happened: a crash left no result
};

/// Asked between the parts of long work; true means nobody waits for the result any more.
class cancel_token {
public:
  virtual ~cancel_token() = default;
  virtual bool canceled() const = 0;
};

/// Receives provisional pieces of a result (streamed tokens). Never durable.
class progress_sink {
public:
  virtual ~progress_sink() = default;
  virtual void piece(std::string_view text) = 0;
};

/// Carries out one verb. Called on a worker thread, may block until the deadline, must not throw: every
/// failure is an outcome with an error kind. At least once: a crash in flight brings the same request again
/// with the same key and `repeated` set.
class effect_executor {
public:
  virtual ~effect_executor() = default;
  virtual outcome execute(const effect_request& request, const cancel_token& canceled,
                          progress_sink& progress) = 0;
};

} // namespace troupe
