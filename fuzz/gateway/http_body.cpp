// Bodies from strangers: whatever they hold is either refused or read back as the same value.
#include "gateway/api/messages.hpp"
#include "gateway/http/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::gateway;

namespace {

void value_survives_its_text(std::string_view text, const http_limits& limits) {
  auto value = parse_json(text, limits);
  if (!value)
    return ensure(value.error().status == 400, "a bad body is the client's");
  auto again = parse_json(json_text(*value), limits);
  ensure(again && *again == *value, "what is written reads back as the same value");
}

void message_is_whole(std::string_view text, const http_limits& limits) {
  http_request request;
  request.params = {{"kind", "desk"}, {"key", "a"}};
  request.body = text;
  auto message = read_message(request, limits);
  if (!message)
    return;
  ensure(!message->type.empty(), "an accepted message names its handler");
  ensure(parse_json(message->body, limits).has_value(), "an accepted body is JSON");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const http_limits limits;
  value_survives_its_text(text, limits);
  message_is_whole(text, limits);
  return 0;
}
