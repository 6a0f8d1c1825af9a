#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

enum class chat_role { system, user, assistant };

constexpr std::string_view to_string(chat_role role) noexcept {
  return role == chat_role::system ? "system" : role == chat_role::user ? "user" : "assistant";
}

struct chat_message {
  chat_role role = chat_role::user;
  std::string text;

  bool operator==(const chat_message&) const = default;
};

/// The schema an answer should have, for providers that can constrain their output.
struct answer_format {
  std::string name;
  std::string schema; // JSON text

  bool operator==(const answer_format&) const = default;
};

/// What a provider says it counted. Not every one says it.
struct token_usage {
  std::int64_t prompt = 0;
  std::int64_t completion = 0;
  std::int64_t cached = 0; // of the prompt, read from the provider's cache

  bool operator==(const token_usage&) const = default;
};

/// Everything one answer depends on.
struct chat_request {
  std::string model;
  std::string adapter; // of a model of the node's own; empty: the segment's choice
  std::vector<chat_message> messages;
  std::optional<double> temperature;
  std::optional<std::int64_t> max_tokens;
  std::vector<std::string> stop;
  std::optional<answer_format> format;
  bool stream = false; // hand pieces on as they come

  bool operator==(const chat_request&) const = default;
};

struct chat_reply {
  std::string text;
  std::string finish; // as the provider says it: "stop", "eos", …
  std::string model;  // as the provider answered; may be more exact than what was asked for
  std::optional<token_usage> usage;
  bool held = false; // to the format that was asked for: it could not have been otherwise
};

struct embed_request {
  std::string model;
  std::vector<std::string> inputs;
  std::optional<std::int64_t> dimensions;

  bool operator==(const embed_request&) const = default;
};

struct embed_reply {
  std::vector<std::vector<float>> vectors; // in the order of the inputs
  std::string model;
  std::optional<token_usage> usage;
};

} // namespace troupe::models
