// Two agents with adapters of their own, answered from one batch by a model of the node's own.
#include "actors/models/model_executor.hpp"
#include "actors/models/native/native_service.hpp"
#include "actors/models/predict_executor.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

using namespace troupe;
using namespace troupe::models;
using nlohmann::json;
using std::chrono::steady_clock;

namespace {

struct still_clock final : clock_source {
  instant now() override { return from_ms(1'000'000); }
};
struct no_random final : random_source {
  std::uint64_t next() override { return 1; }
};
struct no_pause final : waiter {
  bool wait(milliseconds, const cancel_token&) override { return true; }
};
struct never_canceled final : cancel_token {
  bool canceled() const override { return false; }
};
struct unheard final : progress_sink {
  void piece(std::string_view) override {}
};

struct two_adapters {
  two_adapters() {
    testing::write_roomy_model(folder.path() / "model");
    testing::write_adapter(folder.path() / "clerk", 48);
    models_settings settings;
    settings.providers["tiny"].native = native_settings{
        .path = (folder.path() / "model").string(),
        .adapters = {{"poet", testing::tiny_adapter()}, {"clerk", (folder.path() / "clerk").string()}},
        .exact = true,
        .background = false};
    settings.segments["default"] = {{{"tiny", "tiny"}}, 0.0, {}};
    settings.segments["poet"] = {{{"tiny", "tiny+poet"}}, 0.0, {}};
    registry.emplace(provider_registry::make(settings, clock, random, pause).value());
    executor.emplace(std::make_shared<model_executor>(*registry, clock), 0);
  }

  outcome predict(const std::string& adapter, const std::string& segment = "default") {
    const json word{{"type", "string"}, {"minLength", 30}, {"maxLength", 30}};
    effect_request request;
    request.verb = "model.predict";
    request.target = segment;
    request.body = json{
        {"name", "name"},
        {"instructions", "Name it."},
        {"output_schema", word},
        {"input", "a boat"},
        {"adapter",
         adapter}}.dump();
    return executor->execute(request, who, sink);
  }
  std::string said(const std::string& adapter, const std::string& segment = "default") {
    const auto made = predict(adapter, segment);
    return made.ok ? made.body : made.kind + ": " + made.message;
  }

  testing::temporary_folder folder;
  still_clock clock;
  no_random random;
  no_pause pause;
  never_canceled who;
  unheard sink;
  std::optional<provider_registry> registry;
  std::optional<predict_executor> executor;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(adapters_of_agents, two_adapters)

BOOST_AUTO_TEST_CASE(the_adapter_that_is_named_answers) {
  const auto base = said("");
  const auto poet = said("poet");
  const auto clerk = said("clerk");
  BOOST_TEST(base != poet);
  BOOST_TEST(poet != clerk);
  BOOST_TEST(base != clerk);
  BOOST_TEST(said("", "poet") == poet);       // the segment's choice
  BOOST_TEST(said("clerk", "poet") == clerk); // instead of it
  BOOST_TEST(json::parse(predict("clerk").meta)["model"] == "tiny+clerk");
  BOOST_TEST(said("nobody") == "http.404: there is no adapter nobody");
}

BOOST_AUTO_TEST_CASE(two_of_them_answer_from_one_batch_as_they_do_alone) {
  const auto poet = said("poet");
  const auto clerk = said("clerk");
  const auto& server = registry->natives().at("tiny")->server();
  const auto limit = steady_clock::now() + std::chrono::seconds(120);
  while (server.counters().batch_adapters_most < 2) { // until they have met in a step
    BOOST_TEST_REQUIRE((steady_clock::now() < limit));
    auto other = std::async(std::launch::async, [this] { return said("clerk"); });
    BOOST_TEST(said("poet") == poet);
    BOOST_TEST(other.get() == clerk);
  }
  BOOST_TEST(server.counters().mixed_steps > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
