#include "actors/builtin/log_executor.hpp"

#include "actors/builtin/arguments.hpp"
#include "config/schema/json_text.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

result<log_line> read_line(const effect_request& request) {
  constexpr std::array levels{"debug", "info", "warn", "error"};
  const auto with = arguments::read(request.body, "log.write", {"level", "message", "fields"});
  if (!with)
    return tl::unexpected(with.error());
  auto level = with->optional_text("level");
  auto message = with->text("message");
  if (!message)
    return tl::unexpected(message.error());
  log_line made;
  made.level = level && *level ? **level : "info";
  if (!level || std::find(levels.begin(), levels.end(), made.level) == levels.end())
    return with->refuse("level", "debug, info, warn or error");
  made.message = std::move(*message);
  const auto* fields = with->find("fields");
  if (fields && !fields->is_object())
    return with->refuse("fields", "a map");
  made.fields = fields ? config::dump_json(*fields) : "{}";
  made.agent = request.agent;
  made.key = request.idempotency_key;
  return made;
}

} // namespace

outcome log_executor::execute(const effect_request& request, const cancel_token&, progress_sink&) {
  try {
    const auto line = read_line(request);
    if (!line)
      return refused(line.error());
    to_(*line);
    return outcome::success("null");
  } catch (const std::exception& e) {
    return outcome::failure("unavailable", e.what());
  }
}

} // namespace troupe::builtin
