// The built-in agents that touch the outside, as agents: for handlers in C++ and for `troupe send`. A
// workflow's steps ask for the same effects without them.
#include "runtime/agent/kind.hpp"
#include "runtime/task/context.hpp"

#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

/// Hands the message on as the effect KIND.TYPE and its result back.
task<json> hand_on(context& ctx, json with) {
  auto kind = ctx.self().kind();
  auto answer = co_await ctx.outside(kind + "." + ctx.message().type, kind, with);
  co_return answer;
}

const register_kind
    http(kind("http").interleaved().on("request", hand_on).on("get", hand_on).on("post", hand_on));
const register_kind mail(kind("mail").interleaved().on("send", hand_on).on("lookup", hand_on));
const register_kind log(kind("log").interleaved().on("write", hand_on));
const register_kind exec(kind("exec").interleaved().on("run", hand_on));

} // namespace
} // namespace troupe::builtin
