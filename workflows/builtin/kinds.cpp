// The built-in agents that only compute, as agents: for handlers in C++ and for `troupe send`.
#include "config/expression/value_json.hpp"
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "runtime/task/context.hpp"
#include "runtime/task/effect_error.hpp"
#include "workflows/builtin/builtin.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

/// {answer}, or {kind, message}.
json worked_out(const std::string& agent, const std::string& action, const json& with) {
  const auto given = expression::from_json(with);
  if (!given)
    return object("kind", "invalid", "message", given.error().message);
  const auto done = find_builtin(agent, action)->compute(*given);
  if (!done.ok)
    return object("kind", done.kind, "message", done.message);
  return object("answer", read_json(done.body));
}

/// On a worker: jq takes milliseconds, and a large table does.
task<json> compute(context& ctx, json with) {
  auto agent = ctx.self().kind();
  auto action = ctx.message().type;
  auto work = [agent, action, with] { return worked_out(agent, action, with); };
  auto done = co_await ctx.run(action, work);
  if (!done.contains("answer"))
    throw effect_failed(done.at("kind").get<std::string>(), done.at("message").get<std::string>());
  auto answer = done.at("answer");
  co_return answer;
}

const register_kind transform(kind("transform").interleaved().on("apply", compute).on("jq", compute));
const register_kind decision(kind("decision").interleaved().on("evaluate", compute));

} // namespace
} // namespace troupe::workflow
