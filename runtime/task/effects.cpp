#include "runtime/task/effects.hpp"

#include "runtime/base/text.hpp"
#include "runtime/task/task_run.hpp"

#include <nlohmann/json.hpp>

namespace troupe {
namespace {

effect_error error_of(const outcome& failed) {
  effect_error e;
  e.kind = failed.kind;
  e.message = failed.message;
  e.agent = failed.agent;
  return e;
}

/// Results are written by executors and other agents: text that is no JSON is their failure, not our crash.
tl::expected<json, effect_error> read(const outcome& settled) {
  if (!settled.ok)
    return tl::unexpected(error_of(settled));
  auto value = settled.body.empty() ? json() : read_json(settled.body);
  if (value.is_discarded())
    return tl::unexpected(error_of(outcome::failure("invalid", "the result is no JSON", settled.agent)));
  return value;
}

} // namespace

bool effect::await_ready() {
  if (answer_)
    return true; // awaited before
  run_->ask_for(std::move(ask_), answer_);
  return answer_.has_value();
}

json effect::value() const {
  auto got = read(settled());
  if (!got)
    throw effect_failed(std::move(got.error()));
  return std::move(*got);
}

json json_effect::await_resume() const { return value(); }

tl::expected<json, effect_error> result_effect::await_resume() const { return read(settled()); }

void void_effect::await_resume() const { value(); }

} // namespace troupe
