// Hosts on a real store: what a turn asked for is done though its agent crashes before the turn is durable.
#include "runtime/base/system_sources.hpp"
#include "runtime/host/local_node.hpp"
#include "runtime/task/context.hpp"
#include "storage/sqlite/open.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>

using namespace troupe;

namespace {

task<json> pay(context& ctx, json order) { co_return co_await ctx.outside("bank.wire", "bank", order); }

task<json> crash(context&, json) {
  throw std::runtime_error("a defect");
  co_return nullptr;
}

/// Says once that it has been asked.
class bank final : public effect_executor {
public:
  outcome execute(const effect_request& request, const cancel_token&, progress_sink&) override {
    if (!asked_.exchange(true))
      told.set_value(request.body);
    return outcome::success(request.body);
  }
  std::promise<std::string> told;

private:
  std::atomic<bool> asked_ = false;
};

void send(local_node& node, const std::string& type) {
  inject_request request;
  request.to = *agent_id::parse("payer/a");
  request.type = type;
  request.body = "{}";
  node.inject(request, [](const result<inject_answer>& came) {
    if (!came)
      throw std::logic_error(came.error().message);
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(an_effect_asked_for_just_before_a_crash_is_carried_out) {
  const testing::temporary_folder folder;
  storage::sqlite_options how;
  how.directory = folder.path();
  auto store = storage::open_sqlite(how);
  BOOST_REQUIRE(store);
  kind_registry kinds;
  BOOST_REQUIRE(kinds.add(kind("payer").interleaved().on("pay", pay).on("crash", crash).spec()));
  system_clock_source clock;
  system_random_source random;
  auto wires = std::make_shared<bank>();
  auto asked = wires->told.get_future();
  auto node = local_node::start({}, std::move(kinds), **store, clock, random, {{"bank.wire", wires}});
  BOOST_REQUIRE(node);
  send(**node, "pay");
  send(**node, "crash");
  BOOST_TEST((asked.wait_for(std::chrono::seconds(60)) == std::future_status::ready));
}

BOOST_AUTO_TEST_SUITE_END()
