// The floor's clock: ends the day a while after the last desk has closed.
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"

#include <nlohmann/json.hpp>

namespace troupe::floor {
namespace {

constexpr milliseconds settling{300};

task<json> desk_closed(context& ctx, json note) {
  auto day = ctx.get("day");
  if (day.is_null())
    day = object("closed", json::array(), "over", false);
  day["closed"].push_back(note.at("desk"));
  ctx.put("day", day);
  if (day["closed"].size() < 2)
    co_return day;
  co_await ctx.sleep(settling); // survives a restart: the due time is in the journal
  day["over"] = true;
  ctx.put("day", day);
  co_return day;
}

const register_kind clock(kind("floor.clock").on("desk_closed", desk_closed));

} // namespace
} // namespace troupe::floor
