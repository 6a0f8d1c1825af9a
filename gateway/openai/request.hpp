#pragma once

#include "actors/models/native/native_service.hpp"
#include "gateway/openai/fields.hpp"
#include "kernels/sampling/penalties.hpp"
#include "kernels/sampling/sampler.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe::gateway::openai {

/// How a text is made; the same on both routes.
struct making {
  std::string model;
  kernels::sampling how;
  kernels::penalties less;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> tokens_max;
  std::vector<std::string> stop;
  bool ignore_end = false;
  std::int64_t choices = 1;
  bool stream = false;
  bool stream_usage = false;
  bool scored = false;
  std::uint32_t alternatives = 0;
  std::string user;
};

struct chat_body {
  making how;
  models::conversation talk; // messages as templates take them
  std::string messages;      // as they came, JSON text: for agents
  std::string format;        // a JSON Schema that the reply has to fit; empty: any text will do
  std::vector<models::tool_shape> tools;
  bool one_call = false; // at most
  bool forces_tool = false;
  std::string forced_tool;
  std::string end; // what the reply ends with, word for word: behind what the model writes
  bool has_tools = false;
};

/// Text, or tokens as they are.
using prompt_body = std::variant<std::string, std::vector<kernels::token_id>>;

struct completion_body {
  making how;
  std::vector<prompt_body> prompts;
  bool echo = false;
};

struct embeddings_body {
  std::string model;
  std::vector<prompt_body> inputs;
  bool base64 = false;
  std::optional<std::int64_t> dimensions;
};

checked<chat_body> read_chat(std::string_view body, const http_limits& limits);
checked<completion_body> read_completion(std::string_view body, const http_limits& limits);
checked<embeddings_body> read_embeddings(std::string_view body, const http_limits& limits);

} // namespace troupe::gateway::openai
