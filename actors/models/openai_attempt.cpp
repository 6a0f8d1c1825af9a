#include "actors/models/openai_attempt.hpp"

#include "actors/models/openai_wire.hpp"
#include "actors/models/retry.hpp"

namespace troupe::models {
namespace {

attempt_failure failure(std::string kind, std::string message, bool again) {
  attempt_failure out;
  out.why.kind = std::move(kind);
  out.why.message = std::move(message);
  out.again = again;
  return out;
}

attempt_failure judge_fault(http_fault fault, const std::string& words) {
  switch (fault) {
  case http_fault::unreachable:
  case http_fault::cut:
    return failure("unavailable", words, true);
  case http_fault::slow:
  case http_fault::late: // of this attempt; whether time is left for another is the caller's to know
    return failure("timeout", words, true);
  case http_fault::untrusted:
    return failure("unavailable", words, false);
  case http_fault::too_large:
    return failure("model.bad_response", words, false);
  case http_fault::canceled:
    return failure("canceled", words, false);
  case http_fault::refused:
  case http_fault::none:
    break;
  }
  return failure("invalid", words, false);
}

attempt_failure judge_status(long status, const service_error& said) {
  const std::string words =
      "answered " + std::to_string(status) + (said.message.empty() ? "" : ": " + said.message);
  if (status >= 300 && status < 400)
    return failure("http." + std::to_string(status),
                   words + " (a redirect is not followed: it would carry the key along)", false);
  if (status == 429 && said.code == "insufficient_quota")
    return failure("model.quota", words, false); // waiting brings no money
  if (status == 429)
    return failure("rate_limited", words, true);
  const bool passing = status == 408 || status == 409 || status == 425 || status >= 500;
  return failure("http." + std::to_string(status), words, passing);
}

/// A verdict on what a 200 held: the answer is there and paid for, so only a broken-off one is asked for
/// again.
template<class T>
attempted<T> judged(provided<T> read) {
  if (read)
    return std::move(*read);
  const bool again = read.error().kind == "unavailable" && !read.error().delivered;
  return tl::unexpected(attempt_failure{std::move(read.error()), again, std::nullopt});
}

bool is_answer(const http_answer& answer) { return answer.fault == http_fault::none && answer.status == 200; }

} // namespace

attempt_failure judge_answer(const http_answer& answer, instant now) {
  if (answer.fault != http_fault::none)
    return judge_fault(answer.fault, answer.problem);
  auto out = judge_status(answer.status, read_error(answer.body));
  out.after = parse_retry_after(answer.retry_after, now);
  return out;
}

attempted<chat_reply> try_chat(const openai_attempt& once, bool stream) {
  chat_stream assembly;
  bool streamed = false;
  const stream_sink take = [&](std::string_view bytes) {
    streamed = true;
    return assembly.feed(bytes, once.scope.progress);
  };
  const auto answer = once.transport.send(once.call, once.scope.canceled, stream ? take : stream_sink());
  if (streamed && (assembly.settled() || answer.fault == http_fault::none))
    return judged(assembly.finish());
  if (!streamed && is_answer(answer)) // some services do not stream and do not say so
    return judged(read_chat(answer.body));
  auto failed = judge_answer(answer, once.clock.now());
  failed.why.delivered = assembly.delivered();
  failed.again = failed.again && !assembly.delivered();
  return tl::unexpected(std::move(failed));
}

attempted<embed_reply> try_embed(const openai_attempt& once, std::size_t inputs) {
  const auto answer = once.transport.send(once.call, once.scope.canceled, {});
  if (is_answer(answer))
    return judged(read_embeddings(answer.body, inputs));
  return tl::unexpected(judge_answer(answer, once.clock.now()));
}

} // namespace troupe::models
