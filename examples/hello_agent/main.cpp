// An agent that remembers whom it has greeted, also across restarts: run the program twice.
#include "cli/embedded.hpp"
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

using namespace troupe;

/// State, time and every effect come from `ctx`; what it puts is durable together with the answer.
task<json> greet(context& ctx, json request) {
  auto visits = ctx.get("visits");
  int count = visits.is_null() ? 1 : visits.get<int>() + 1;
  ctx.put("visits", count);
  auto name = request.at("name").get<std::string>();
  auto polished = co_await ctx.call("hello.poet", "polish", object("text", "Hello " + name));
  co_return object("greeting", polished, "visit", count);
}

task<json> polish(context& ctx, json request) {
  co_await ctx.sleep(milliseconds(20)); // survives a crash: the due time is in the journal
  co_return request.at("text").get<std::string>() + ", how good to see you!";
}

const register_kind greeter(kind("hello.greeter").on("greet", greet));
const register_kind poet(kind("hello.poet").on("polish", polish));

int main() {
  auto node = embedded::start("hello-data");
  if (!node) {
    std::cerr << node.error().message << '\n';
    return 3;
  }
  auto answer = node->ask("hello.greeter/ada", "greet", object("name", "Ada"));
  if (!answer) {
    std::cerr << answer.error().message << '\n';
    return 1;
  }
  std::cout << answer->dump() << '\n';
}
