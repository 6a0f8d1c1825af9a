#pragma once

#include "gateway/api/cursor.hpp"
#include "gateway/api/render.hpp"
#include "gateway/http/api_error.hpp"

#include <exception>
#include <nlohmann/json_fwd.hpp>

namespace troupe::gateway {

/// Turns a node's answer into a response: what `render` makes of it, or the error's own body.
template<class T, class Render>
answer<T> answering(responder done, Render render) {
  return [done = std::move(done), render = std::move(render)](result<T> outcome) {
    if (!outcome)
      return done(error_response(outcome.error()));
    try {
      done(render(*outcome));
    } catch (const std::exception& e) { // on the node's thread: must not reach it
      done(error_response(error{fault::internal, std::string("cannot render the answer: ") + e.what(), {}}));
    }
  };
}

} // namespace troupe::gateway
