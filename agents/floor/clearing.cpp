// The clearing house of the demo: wires money at a bank, which is the outside, and keeps the receipts.
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"

#include <nlohmann/json.hpp>

namespace troupe::floor {
namespace {

/// The bank's receipt is recorded before anything depends on it: a crash after that never asks for it again.
task<json> settle(context& ctx, json claim) {
  auto receipt = co_await ctx.outside("bank.wire", "bank", claim);
  auto totals = ctx.get("totals");
  if (totals.is_null())
    totals = object("wires", 0, "amount", 0);
  totals["wires"] = totals.at("wires").get<std::int64_t>() + 1;
  totals["amount"] = totals.at("amount").get<std::int64_t>() + claim.at("amount").get<std::int64_t>();
  ctx.put("totals", totals);
  co_return receipt;
}

const register_kind clearing(kind("floor.clearing").on("settle", settle));

} // namespace
} // namespace troupe::floor
