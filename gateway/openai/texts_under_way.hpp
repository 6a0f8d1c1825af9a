#pragma once

#include "actors/models/native/native_service.hpp"
#include "gateway/http/message.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace troupe::gateway::openai {

/// How far one of a request's texts is.
struct text_so_far {
  std::string text;
  std::vector<kernels::token_score> scores;
  std::optional<kernels::text_end> end;
};

/// What a route makes of texts: the body at their end, or the pieces of a stream. Called by one thread at a
/// time, but not always the same.
class text_form {
public:
  virtual ~text_form() = default;
  virtual std::string body(const std::vector<text_so_far>& texts) = 0;
  /// Events of what has come since the last call for this text; `fresh` is the last part of `so_far`.
  virtual std::string piece(std::size_t index, const text_so_far& so_far, const std::string& fresh,
                            const std::vector<kernels::token_score>& scores) = 0;
  /// Behind the last piece.
  virtual std::string close(const std::vector<text_so_far>& texts) = 0;
};

/// Asks for all texts of one request and answers it when they are there, or with a stream of events. What the
/// server turns away becomes an error response, whichever way the answer was to go; a client that goes away
/// from a stream cancels its texts. `finished` is called when all are there.
void answer_with_texts(models::native_service& service, std::vector<kernels::text_request> requests,
                       std::shared_ptr<text_form> form, bool stream, std::function<void()> finished,
                       responder done);

} // namespace troupe::gateway::openai
