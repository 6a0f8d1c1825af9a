// Bodies from strangers to the routes of OpenAI's clients, and what models write about tools: refused, or
// read into something that holds together.
#include "actors/models/native/tool_calls.hpp"
#include "config/invariant.hpp"
#include "gateway/openai/request.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::gateway;

namespace {

void bodies_hold_together(std::string_view text) {
  const http_limits limits;
  if (const auto chat = openai::read_chat(text, limits)) {
    ensure(nlohmann::json::parse(chat->talk.messages).is_array(), "messages are a list");
    ensure(chat->talk.tools.empty() || nlohmann::json::parse(chat->talk.tools).is_array(),
           "tools are a list");
    ensure(chat->how.choices > 0, "somebody is asked for something");
  }
  if (const auto completion = openai::read_completion(text, limits))
    ensure(!completion->prompts.empty(), "there is a prompt");
  if (const auto embeddings = openai::read_embeddings(text, limits))
    ensure(!embeddings->inputs.empty(), "there is an input");
}

void calls_hold_together(std::string_view text) {
  using enum models::tool_style;
  for (const auto style : {none, tagged, listed, functools, parameters}) {
    ensure(models::tool_call_may_begin(text, style) <= text.size(), "what is shown is there");
    for (const auto& call : models::read_tool_reply(text, style).calls)
      ensure(nlohmann::json::parse(call.arguments).is_object(), "arguments are an object");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  bodies_hold_together(text);
  calls_hold_together(text);
  return 0;
}
