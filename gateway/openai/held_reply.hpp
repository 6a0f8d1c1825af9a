#pragma once

#include "gateway/openai/request.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::gateway::openai {

/// What replies are held to.
struct reply_form {
  enum class kind : unsigned char {
    free,
    json,       // all of it
    call,       // all that the model writes of a call that was begun for it
    text_calls, // what is a call in it
  };
  kind what = kind::free;
  std::string schema;
};

/// What was asked for. A call that has to come is begun in the question.
checked<reply_form> form_of(const models::native_model& model, chat_body& asked);

/// Holds all texts to it, or says which keyword cannot be kept.
std::optional<api_error> hold(models::native_service& service, const reply_form& form,
                              std::vector<kernels::text_request>& requests);

} // namespace troupe::gateway::openai
