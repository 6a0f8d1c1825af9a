// Children that finish at once, a million times over, in one turn of one task. Compiled at -O0.
#include "runtime/task/task_run.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

using namespace troupe;

namespace {

constexpr int rounds = 1'000'000;
constexpr int fewer_rounds = 100'000; // failures and joins cost more, and the stack would be gone by then

class open_port : public turn_port {
public:
  std::string refuses(const agent_id&) override { return {}; }
  std::string refuses_call(const agent_id&, instant) override { return {}; }
  std::string refuses_query(const agent_id&) override { return {}; }
  std::string refuses_timer(const std::string&) override { return {}; }
};

task<int> one(context&, int i) { co_return i % 2; }

task<int> through_another(context& ctx, int i) { co_return co_await one(ctx, i); }

task<int> fails(context&) {
  throw effect_failed("invalid", "at once");
  co_return 0;
}

task<int> caught(context& ctx) {
  try {
    co_await fails(ctx);
  } catch (const effect_failed&) {
    co_return 1;
  }
  co_return 0;
}

task<int> joined(context& ctx, int i) {
  auto all = when_all(ctx, tasks(one(ctx, i), one(ctx, i + 1)));
  auto values = co_await all;
  co_return values[0] + values[1];
}

task<json> a_million(context& ctx, json) {
  int odd = 0;
  for (int i = 0; i < rounds; ++i)
    odd += co_await through_another(ctx, i);
  int failed = 0;
  for (int i = 0; i < fewer_rounds; ++i)
    failed += co_await caught(ctx);
  int together = 0;
  for (int i = 0; i < fewer_rounds; ++i)
    together += co_await joined(ctx, i);
  co_return json::array({odd, failed, together});
}

} // namespace

int main() {
  document_map documents;
  open_port port;
  task_origin origin;
  task_run run(std::move(origin), a_million, documents, port);
  const auto came = run.start(from_ms(1'700'000'000'000));
  const bool right =
      came.ended == turn_result::state::finished && came.reply.body == "[500000,100000,100000]";
  std::printf("%d rounds: %s\n", rounds, right ? "right" : came.problem.c_str());
  return right ? 0 : 1;
}
