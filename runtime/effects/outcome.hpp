#pragma once

#include <string>
#include <utility>

namespace troupe {

/// How an awaited effect ended. `body` is JSON text when it succeeded; else `kind` is one of the error kinds
/// of the workflow language (timeout, unavailable, rate_limited, invalid, http.503, …) and `message` says
/// why.
struct outcome {
  bool ok = true;
  std::string body;
  std::string kind;
  std::string message;
  std::string agent; // who failed, when another agent did
  std::string
      meta; // JSON text: what the runtime chose (model, attempts, tokens, cost); recorded, never compared

  outcome() = default;

  static outcome success(std::string body, std::string meta = {}) {
    outcome o;
    o.body = std::move(body);
    o.meta = std::move(meta);
    return o;
  }
  static outcome failure(std::string kind, std::string message, std::string agent = {}) {
    outcome o;
    o.ok = false;
    o.kind = std::move(kind);
    o.message = std::move(message);
    o.agent = std::move(agent);
    return o;
  }
  bool operator==(const outcome&) const = default;
};

} // namespace troupe
