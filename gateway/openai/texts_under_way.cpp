#include "gateway/openai/texts_under_way.hpp"

#include "gateway/openai/fields.hpp"

#include <algorithm>
#include <utility>

namespace troupe::gateway::openai {

namespace {

using give_piece = std::function<void(std::optional<std::string>)>;

api_error problem_of(const kernels::error& why) {
  switch (why.what) {
  case kernels::fault::refused:
    return {429, "rate_limit_exceeded", why.message, why.hint, {}};
  case kernels::fault::not_found:
    return {404, "model_not_found", why.message, why.hint, "model"};
  case kernels::fault::unavailable:
  case kernels::fault::corrupt:
    return {503, "unavailable", why.message, why.hint, {}};
  case kernels::fault::invalid:
    break;
  }
  const bool too_long = why.message.find("the prompt has") != std::string::npos;
  return {400, too_long ? "context_length_exceeded" : "invalid", why.message, why.hint, {}};
}

std::optional<api_error> problem_of(const kernels::text_end& end) {
  switch (end.why) {
  case kernels::text_finish::failed:
    return api_error{500, "generation_failed", end.problem, {}, {}};
  case kernels::text_finish::canceled:
    return api_error{503, "canceled", "the node ended the text", "try again", {}};
  case kernels::text_finish::deadline:
    return api_error{504, "timeout", "the text was not done in time", {}, {}};
  case kernels::text_finish::length:
  case kernels::text_finish::stop:
    break;
  }
  return std::nullopt;
}

http_response with_body(std::string body) {
  http_response response;
  response.body = std::move(body);
  return response;
}

http_response with_events(std::shared_ptr<event_stream> events) {
  http_response response;
  response.content_type = "text/event-stream";
  response.events = std::move(events);
  return response;
}

using cancel_text = std::function<void(models::model_server::ticket)>;

/// Filled by the server's thread, emptied by the connection's.
class texts_under_way : public std::enable_shared_from_this<texts_under_way> {
public:
  texts_under_way(cancel_text cancel, std::shared_ptr<text_form> form, std::size_t count, bool stream,
                  std::function<void()> finished, responder done)
      : cancel_(std::move(cancel))
      , form_(std::move(form))
      , texts_(count)
      , stream_(stream)
      , finished_(std::move(finished))
      , done_(std::move(done)) {}

  /// Its first update may have come before.
  void asked(models::model_server::ticket ticket) {
    const std::lock_guard lock(guard_);
    tickets_.push_back(ticket);
    if (over_)
      cancel_(ticket);
  }

  void hear(std::size_t index, kernels::result<kernels::text_update> update) {
    std::unique_lock lock(guard_);
    if (over_)
      return;
    if (!update)
      return fail(lock, problem_of(update.error()));
    auto& own = texts_[index];
    own.text += update->text;
    own.scores.insert(own.scores.end(), update->scores.begin(), update->scores.end());
    own.end = std::move(update->end);
    if (own.end)
      if (const auto problem = problem_of(*own.end))
        return fail(lock, *problem);
    if (stream_)
      ready_ += form_->piece(index, own, update->text, update->scores);
    over_ = std::ranges::all_of(texts_, [](const text_so_far& one) { return one.end.has_value(); });
    if (over_)
      finished_();
    if (stream_)
      return hand_on(lock);
    if (over_)
      respond(lock, with_body(form_->body(texts_)));
  }

  void next(give_piece give) {
    std::unique_lock lock(guard_);
    if (ready_.empty() && !over_) {
      waiting_ = std::move(give);
      return;
    }
    auto piece = take_ready();
    lock.unlock();
    give(std::move(piece));
  }

  /// Nobody listens any more.
  void abandon() {
    const std::lock_guard lock(guard_);
    if (!std::exchange(over_, true))
      std::ranges::for_each(tickets_, cancel_);
  }

private:
  using held = std::unique_lock<std::mutex>;

  std::optional<std::string> take_ready() {
    if (over_ && !closed_ && !failed_)
      ready_ += form_->close(texts_);
    closed_ = over_;
    return ready_.empty() ? std::nullopt : std::optional(std::exchange(ready_, {}));
  }

  void respond(held& lock, http_response response) {
    auto done = std::exchange(done_, nullptr);
    lock.unlock();
    if (done)
      done(std::move(response));
  }

  void fail(held& lock, const api_error& why) {
    over_ = failed_ = true;
    std::ranges::for_each(tickets_, cancel_); // of those that go on
    if (!stream_ || done_)                    // nothing has been said yet
      return respond(lock, failure(why));
    ready_ += "data: " + failure_text(why) + "\n\n";
    hand_on(lock);
  }

  /// The response goes out with the first piece, so that what is turned away has a status of its own.
  void hand_on(held& lock);

  const cancel_text cancel_;
  std::mutex guard_;
  std::shared_ptr<text_form> form_;
  std::vector<text_so_far> texts_;
  const bool stream_;
  const std::function<void()> finished_;
  responder done_;
  std::vector<models::model_server::ticket> tickets_;
  std::string ready_;
  give_piece waiting_;
  bool over_ = false;
  bool failed_ = false;
  bool closed_ = false;
};

/// Belongs to the connection: when that goes, its texts are canceled.
class text_stream final : public event_stream {
public:
  explicit text_stream(std::shared_ptr<texts_under_way> texts)
      : texts_(std::move(texts)) {}
  ~text_stream() override { texts_->abandon(); }
  void next(give_piece give) override { texts_->next(std::move(give)); }

private:
  std::shared_ptr<texts_under_way> texts_;
};

void texts_under_way::hand_on(held& lock) {
  if (done_)
    return respond(lock, with_events(std::make_shared<text_stream>(shared_from_this())));
  if (!waiting_ || (ready_.empty() && !over_)) // half a character is no piece yet, and no end
    return;
  auto give = std::exchange(waiting_, nullptr);
  auto piece = take_ready();
  lock.unlock();
  give(std::move(piece));
}

} // namespace

void answer_with_texts(models::native_service& service, std::vector<kernels::text_request> requests,
                       std::shared_ptr<text_form> form, bool stream, std::function<void()> finished,
                       responder done) {
  auto texts =
      std::make_shared<texts_under_way>(service.server().canceler(), std::move(form), requests.size(), stream,
                                        std::move(finished), std::move(done));
  for (std::size_t i = 0; i < requests.size(); ++i)
    texts->asked(service.server().ask(std::move(requests[i]),
                                      [texts, i](auto update) { texts->hear(i, std::move(update)); }));
}

} // namespace troupe::gateway::openai
