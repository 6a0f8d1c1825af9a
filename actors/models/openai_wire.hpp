#pragma once

#include "actors/models/json_text.hpp"
#include "actors/models/provider.hpp"
#include "actors/models/sse.hpp"

#include <string>
#include <string_view>

namespace troupe::models {

/// How a service wants to be told the schema of an answer; not all know the newest way.
enum class format_style { json_schema, json_object, none };

/// The dialect of one OpenAI-compatible service.
struct openai_dialect {
  format_style format = format_style::json_schema;
  std::string max_tokens_field = "max_tokens"; // OpenAI's reasoning models want max_completion_tokens
  bool stream_usage = true;                    // ask for token counts at the end of a stream
};

/// Request bodies.
std::string chat_body(const chat_request& request, const openai_dialect& dialect, bool stream);
std::string embed_body(const embed_request& request);

/// Answers with status 200. Everything that cannot be used is a failure with kind model.truncated,
/// model.refused or model.bad_response, with the usage if the answer told it.
provided<chat_reply> read_chat(std::string_view body);
provided<embed_reply> read_embeddings(std::string_view body, std::size_t inputs);

/// The sentence in an error body, whatever its shape: a service's own words, neither cut nor cleaned.
struct service_error {
  std::string message;
  std::string code;
};
service_error read_error(std::string_view body);

/// Puts a streamed answer together.
class chat_stream {
public:
  chat_stream();

  /// Takes bytes as they come; the new text in them goes to `progress`. False once nothing more is wanted:
  /// the end marker has come, or something that cannot be used.
  bool feed(std::string_view bytes, progress_sink& progress);

  /// Call when the stream has ended. `unavailable` if it ended before the answer did.
  provided<chat_reply> finish();

  /// The answer has ended or cannot be used: what happens to the connection after this does not matter.
  bool settled() const noexcept { return done_ || broken_; }
  bool delivered() const noexcept { return delivered_; }

private:
  bool take_chunk(const std::string& data, progress_sink& progress);
  bool take_choice(const json& choice, progress_sink& progress);
  bool refuse(std::string kind, std::string message);

  sse_parser events_;
  chat_reply reply_;
  std::string refusal_;
  provider_failure problem_;
  bool broken_ = false;
  bool done_ = false; // [DONE], or told why it finished
  bool delivered_ = false;
};

} // namespace troupe::models
