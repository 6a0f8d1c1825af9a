#pragma once

#include "runtime/effects/outcome.hpp"

#include <stdexcept>
#include <string>

namespace troupe {

/// Why an awaited effect failed: one of the error kinds of the workflow language, or what an agent raised.
struct effect_error {
  std::string kind;
  std::string message;
  std::string agent; // who failed, when it was another agent
};

/// Thrown where a failed effect is awaited. Uncaught it fails the handler: the caller gets it as the reply.
class effect_failed : public std::runtime_error {
public:
  explicit effect_failed(effect_error e)
      : std::runtime_error(e.kind + ": " + e.message)
      , error_(std::move(e)) {}
  effect_failed(std::string kind, std::string message)
      : effect_failed(make(std::move(kind), std::move(message))) {}

  const effect_error& error() const noexcept { return error_; }
  const std::string& kind() const noexcept { return error_.kind; }

private:
  static effect_error make(std::string kind, std::string message) {
    effect_error e;
    e.kind = std::move(kind);
    e.message = std::move(message);
    return e;
  }
  effect_error error_;
};

} // namespace troupe
