// Any bytes are a turn or an error; a turn comes out as it went in, and replaying it ends in a state, never
// in a crash of the replayer, whatever a damaged or foreign journal holds.
#include "runtime/task/task_run.hpp"
#include "runtime/task/turn_codec.hpp"

#include <cstddef>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

using namespace troupe;

void must(bool holds) {
  if (!holds)
    std::abort();
}

class open_port : public turn_port {
public:
  std::string refuses(const agent_id&) override { return {}; }
  std::string refuses_call(const agent_id&, instant) override { return {}; }
  std::string refuses_query(const agent_id&) override { return {}; }
  std::string refuses_timer(const std::string&) override { return {}; }
};

task<json> waits(context& ctx) {
  auto got = co_await ctx.try_call("desk/other", "price", json());
  if (!got)
    co_await ctx.sleep(milliseconds(1));
  co_return json();
}

task<json> handler_of_the_journal(context& ctx, json) {
  ctx.send("desk/log", "seen", json());
  ctx.version("wording", 2);
  auto any = when_any(ctx, tasks(waits(ctx), waits(ctx)));
  co_await any;
  co_return ctx.get("count");
}

/// Twice, so that a record which resumes what it asks for itself gets a second chance.
void replay(const turn_record& record) {
  document_map documents;
  open_port port;
  task_origin origin;
  origin.id = "01HF7YAT00TASK000000000000";
  origin.interleaved = true;
  origin.message.to = agent_id::parse("desk/self").value();
  task_run run(std::move(origin), handler_of_the_journal, documents, port);
  if (run.replay(record).ended == turn_result::state::suspended)
    run.replay(record);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = decode_turn({reinterpret_cast<const char*>(data), size});
  if (!read)
    return 0;
  const auto once = encode(*read);
  const auto again = decode_turn(once);
  must(again.has_value());
  must(again->asked.size() == read->asked.size() && again->noted.size() == read->noted.size());
  must(encode(*again) == once);
  replay(*read);
  return 0;
}
