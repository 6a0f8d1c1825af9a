#pragma once

#include "actors/models/openai_provider.hpp"
#include "actors/models/provider.hpp"
#include "actors/models/retry.hpp"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace troupe::models::fakes {

struct clock final : clock_source {
  instant now() override { return at; }
  instant at{std::chrono::seconds(1'000'000)};
};

struct random final : random_source {
  std::uint64_t next() override { return drawn; }
  std::uint64_t drawn = 0;
};

/// Lets the time pass instead of waiting for it.
struct pause final : waiter {
  explicit pause(clock& c)
      : time(c) {}
  bool wait(milliseconds duration, const cancel_token& canceled) override {
    waits.push_back(duration.count());
    time.at += duration;
    return !canceled.canceled();
  }
  clock& time;
  std::vector<std::int64_t> waits;
};

struct token final : cancel_token {
  bool canceled() const override { return set; }
  bool set = false;
};

struct sink final : progress_sink {
  void piece(std::string_view text) override { pieces.emplace_back(text); }
  std::vector<std::string> pieces;
};

/// Gives out answers in order and keeps the calls.
struct transport final : http_transport {
  struct answer {
    http_answer given;
    std::vector<std::string> streamed; // handed to the sink first, if there is one
    milliseconds took{0};
  };

  explicit transport(clock& c)
      : time(c) {}
  http_answer send(const http_call& call, const cancel_token&, const stream_sink& stream) override {
    calls.push_back(call);
    answer next = std::move(answers.front());
    answers.pop_front();
    time.at += next.took;
    for (const auto& bytes : next.streamed)
      if (stream && !stream(bytes))
        break;
    return next.given;
  }

  clock& time;
  std::deque<answer> answers;
  std::vector<http_call> calls;
};

inline http_answer answer(long status, std::string body, std::string retry_after = {}) {
  http_answer out;
  out.status = status;
  out.body = std::move(body);
  out.retry_after = std::move(retry_after);
  return out;
}

inline http_answer fault(http_fault what, std::string problem) {
  http_answer out;
  out.fault = what;
  out.problem = std::move(problem);
  return out;
}

/// Answers with what the test's functions say.
struct provider final : model_provider {
  using chat_answer = provided<answered<chat_reply>>;
  using embed_answer = provided<answered<embed_reply>>;

  chat_answer generate(const chat_request& request, const call_scope& scope) override {
    return chat(request, scope);
  }
  embed_answer embed(const embed_request& request, const call_scope& scope) override {
    return vectors(request, scope);
  }

  std::function<chat_answer(const chat_request&, const call_scope&)> chat;
  std::function<embed_answer(const embed_request&, const call_scope&)> vectors;
};

} // namespace troupe::models::fakes
