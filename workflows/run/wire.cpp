#include "workflows/run/wire.hpp"

#include "config/expression/value_json.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/plan/schema.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace troupe::workflow {

namespace {

bool is_plain(const value& v) {
  using expression::value_kind;
  switch (v.kind()) {
  case value_kind::null:
  case value_kind::boolean:
  case value_kind::integer:
  case value_kind::text:
    return true;
  case value_kind::real:
    return std::isfinite(v.as_double());
  case value_kind::list:
    return std::all_of(v.items().begin(), v.items().end(), is_plain);
  case value_kind::map:
    return std::all_of(v.entries().begin(), v.entries().end(),
                       [](const auto& e) { return e.key.is(value_kind::text) && is_plain(e.item); });
  default:
    return false;
  }
}

} // namespace

value plain(value v) {
  if (is_plain(v))
    return v;
  const auto made = expression::to_json(v);
  auto back = made ? expression::from_json(*made) : result<value>(value());
  return back ? std::move(*back) : value();
}

std::string to_text(const value& v) {
  auto json = expression::to_json(v);
  return json ? json->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) : "null";
}

result<value> from_text(std::string_view text) {
  if (text.empty())
    return value();
  const auto read = read_json(text);
  if (read.is_discarded())
    return fail(fault::invalid, "it is no JSON");
  return expression::from_json(read);
}

std::string misfit(const schema* shape, std::string_view text) {
  if (!shape)
    return {};
  const auto read = read_json(text);
  if (read.is_discarded())
    return "it is no JSON";
  const auto wrong = shape->check(read);
  return wrong.empty() ? std::string() : wrong.front().message;
}

fold_command run_event(std::string type, const run_record& run) {
  fold_command c;
  c.what = fold_command::kind::event;
  c.type = std::move(type);
  auto body = object("workflow", run.workflow, "state", to_string(run.state));
  if (!run.phase.empty())
    body["phase"] = run.phase;
  if (!run.error.empty())
    body["error"] = object("kind", run.error.kind, "message", run.error.message);
  c.body = body.dump();
  return c;
}

fold_command step_event(std::string type, const instance& about) {
  fold_command c;
  c.what = fold_command::kind::event;
  c.type = std::move(type);
  auto body = object("path", about.path, "verb", to_string(about.what->what), "state", to_string(about.state),
                     "attempt", about.attempt);
  if (!about.error.empty())
    body["error"] = object("kind", about.error.kind, "message", about.error.message);
  c.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return c;
}

std::optional<fold_command> reply_to(const envelope& call, const result<value>& what) {
  if (call.kind != message_kind::call)
    return std::nullopt;
  fold_command c;
  c.what = fold_command::kind::reply;
  c.to = call.from;
  c.target = call.type;
  c.call_key = call.call_key;
  c.attempt = call.attempt;
  c.answer = what ? outcome::success(to_text(*what))
                  : outcome::failure(std::string(to_string(what.error().what)), what.error().message);
  return c;
}

fold_command answer_to(const waiting_caller& caller, const run_record& run) {
  fold_command c;
  c.what = fold_command::kind::reply;
  c.to = caller.from;
  c.target = caller.type;
  c.call_key = caller.call_key;
  c.attempt = caller.attempt;
  if (run.state == run_state::completed)
    c.answer = outcome::success(to_text(run.output));
  else
    c.answer = outcome::failure(run.error.kind, run.error.message, "workflow/" + run.id);
  c.answer.meta = object("tokens", run.tokens, "micro_usd", run.micro_usd).dump();
  return c;
}

} // namespace troupe::workflow
