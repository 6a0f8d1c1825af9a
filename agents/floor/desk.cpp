// A trading desk of the demo: pays its partner a random amount on every tick and has each trade settled.
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"

#include <nlohmann/json.hpp>

namespace troupe::floor {
namespace {

constexpr milliseconds between_trades{20};

json book_of(context& ctx) {
  auto book = ctx.get("book");
  return book.is_null() ? object("cash", 0, "paid", 0, "received", 0, "trades", 0) : book;
}

void plan_next(context& ctx) { ctx.set_timer("tick", ctx.now() + between_trades, "trade", json::object()); }

/// {cash, partner, trades}: pays the cash in and begins to trade. A partner's payment may have come before.
task<json> open(context& ctx, json order) {
  auto book = book_of(ctx);
  book["cash"] = book.at("cash").get<std::int64_t>() + order.at("cash").get<std::int64_t>();
  book["partner"] = order.at("partner");
  book["to_do"] = order.at("trades");
  ctx.put("book", book);
  plan_next(ctx);
  co_return book;
}

/// One trade: the money leaves the book in the same commit that puts it into the outbox.
task<json> trade(context& ctx, json) {
  auto book = book_of(ctx);
  auto amount = 1 + static_cast<std::int64_t>(ctx.random() % 50);
  auto number = book.at("trades").get<std::int64_t>() + 1;
  book["cash"] = book.at("cash").get<std::int64_t>() - amount;
  book["paid"] = book.at("paid").get<std::int64_t>() + amount;
  book["trades"] = number;
  ctx.put("book", book);
  ctx.send("floor.desk/" + book.at("partner").get<std::string>(), "receive", object("amount", amount));
  if (number % 4 == 0) {
    auto claim = object("desk", ctx.self().key(), "trade", number, "amount", amount);
    co_await ctx.call("floor.clearing", "settle", claim);
  }
  if (number < book.at("to_do").get<std::int64_t>())
    plan_next(ctx);
  else
    ctx.send("floor.clock", "desk_closed", object("desk", ctx.self().key()));
  co_return book;
}

task<json> receive(context& ctx, json payment) {
  auto book = book_of(ctx);
  auto amount = payment.at("amount").get<std::int64_t>();
  book["cash"] = book.at("cash").get<std::int64_t>() + amount;
  book["received"] = book.at("received").get<std::int64_t>() + amount;
  ctx.put("book", book);
  co_return book;
}

task<json> show(context& ctx, json) { co_return book_of(ctx); }

const register_kind
    desk(kind("floor.desk").on("open", open).on("trade", trade).on("receive", receive).on("show", show));

} // namespace
} // namespace troupe::floor
