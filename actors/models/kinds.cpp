// The models of a node as agents: `model/SEGMENT` answers many at once, wherever it is placed, and whoever
// moves keeps asking it by its address.
#include "runtime/agent/kind.hpp"
#include "runtime/task/context.hpp"

#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

/// Hands the message on as the effect model.TYPE on the segment that the agent is named after.
task<json> ask(context& ctx, json with) {
  auto segment = ctx.self().key();
  auto answer = co_await ctx.outside("model." + ctx.message().type, segment, with);
  co_return answer;
}

const register_kind
    model(kind("model").interleaved().on("generate", ask).on("embed", ask).on("predict", ask));

} // namespace
} // namespace troupe::models
