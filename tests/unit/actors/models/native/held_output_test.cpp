// What a model of the node's own writes when it is held to a JSON Schema: with random weights it would never
// fit one by itself.
#include "actors/models/model_executor.hpp"
#include "actors/models/native/native_provider.hpp"
#include "actors/models/predict_executor.hpp"
#include "config/schema/schema.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/unit/actors/models/fakes.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

using namespace troupe;
using namespace troupe::models;

namespace {

const auto verdict = R"({"type": "object", "additionalProperties": false, "required": ["score", "words"],
  "properties": {"score": {"type": "integer", "minimum": 0, "maximum": 100},
                 "words": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"enum": ["warm", "cold"]}},
                 "note": {"type": "string", "maxLength": 20}}})";

struct stage {
  stage() {
    testing::write_roomy_model(folder.path() / "model");
    models_settings settings;
    settings.providers["tiny"].native = native_settings{
        .path = (folder.path() / "model").string(), .adapters = {}, .exact = true, .background = false};
    settings.segments["default"].choices = {{"tiny", "tiny"}};
    registry.emplace(provider_registry::make(settings, time, random, pause).value());
    model = std::make_shared<model_executor>(*registry, time);
  }

  native_service& service() { return *registry->natives().at("tiny"); }

  outcome predict(const std::string& schema, const std::string& key) {
    effect_request request;
    request.verb = "model.predict";
    request.target = "default";
    request.idempotency_key = key;
    request.body = json{{"name", "judge"},
                        {"instructions", "Judge the lead."},
                        {"input_schema", json::object()},
                        {"output_schema", json::parse(schema)},
                        {"input", {{"name", "Ada"}}}}
                       .dump();
    return predict_executor(model, 2).execute(request, who, sink);
  }

  testing::temporary_folder folder;
  fakes::clock time;
  fakes::random random;
  fakes::pause pause{time};
  fakes::token who;
  fakes::sink sink;
  std::optional<provider_registry> registry;
  std::shared_ptr<model_executor> model;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(held_output, stage)

BOOST_AUTO_TEST_CASE(a_model_with_random_weights_predicts_what_fits) {
  const auto shape = config::schema::compile(verdict).value();
  std::set<std::string> said;
  for (int i = 0; i < 20; ++i) {
    const auto made = predict(verdict, "run-" + std::to_string(i));
    BOOST_TEST_REQUIRE(made.ok, made.message);
    BOOST_TEST(!shape.check(json::parse(made.body)).has_value());
    BOOST_TEST(json::parse(made.meta)["asked"] == 1);
    BOOST_TEST(json::parse(made.meta)["held"] == true);
    said.insert(made.body);
  }
  BOOST_TEST(said.size() > 10u); // drawn, each under its own key
  BOOST_TEST(service().forms().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_schema_leaves_no_choice_about_is_not_computed) {
  const auto fixed = R"({"type": "object", "required": ["the only answer"], "additionalProperties": false,
                         "properties": {"the only answer": {"enum": ["yes", "no"]}}})";
  BOOST_TEST_REQUIRE(predict(fixed, "warm-up").ok); // the prompt is known from here on
  const auto before = service().server().counters();
  BOOST_TEST_REQUIRE(predict(fixed, "run-1").ok);
  const auto after = service().server().counters();
  const auto made = after.completion_tokens - before.completion_tokens;
  BOOST_TEST(made > 10u);
  BOOST_TEST(after.steps - before.steps < made / 2);
}

BOOST_AUTO_TEST_CASE(a_keyword_that_cannot_be_enforced_is_named_with_a_hint) {
  const auto made =
      predict(R"({"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": true,
                                "items": {"type": "number"}}}, "required": ["tags"]})",
              "run-1");
  BOOST_TEST(!made.ok);
  BOOST_TEST(made.kind == "invalid");
  BOOST_TEST(made.message.find("uniqueItems") != std::string::npos, made.message);
  BOOST_TEST(made.message.find("docs/constrained-output.md") != std::string::npos);
  BOOST_TEST(service().server().counters().steps == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_cut_at_the_token_limit_is_no_answer) {
  chat_request request;
  request.messages = {{chat_role::user, "x"}};
  request.format = answer_format{"judge", verdict};
  request.max_tokens = 3;
  native_provider provider(registry->natives().at("tiny"), time, random);
  BOOST_TEST(provider.generate(request, {never, "", who, sink}).error().kind == "model.truncated");
}

BOOST_AUTO_TEST_CASE(what_a_stop_string_ended_is_not_held_to_its_form) {
  chat_request request;
  request.messages = {{chat_role::user, "x"}};
  request.format = answer_format{"judge", verdict};
  request.stop = {":"};
  native_provider provider(registry->natives().at("tiny"), time, random);
  BOOST_TEST(!provider.generate(request, {never, "", who, sink})->reply.held);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(form_caches)

namespace {

struct words_of_the_model {
  std::unique_ptr<native_model> model = native_model::open(testing::tiny_model()).value();
  std::string constant(int value) { return json{{"const", value}}.dump(); }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_forms_longest_unused_go_first, words_of_the_model) {
  form_cache forms(model->words(), {.forms = 2});
  for (const int value : {1, 2, 1, 3, 1})
    BOOST_TEST(forms.json_text(constant(value)).has_value());
  BOOST_TEST(forms.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(what_they_hold_in_memory_is_bounded_too, words_of_the_model) {
  form_cache forms(model->words(), {.forms = 100, .bytes = 1});
  for (const int value : {1, 2, 3})
    BOOST_TEST(forms.json_text(constant(value)).has_value());
  BOOST_TEST(forms.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_form_that_has_used_up_its_states_is_made_again, words_of_the_model) {
  const auto many_states = R"({"type": "string", "pattern": "^[ab]*a[ab]{16}$"})";
  form_cache forms(model->words());
  const auto token = [&](char letter) { return model->words().find(std::string(1, letter)).value(); };
  const auto long_text = [&](std::size_t letters) {
    std::mt19937 random(1);
    const auto text = forms.json_text(many_states).value();
    bool goes_on = text->accept(token('"'));
    for (std::size_t i = 0; goes_on && i < letters; ++i)
      goes_on = text->accept(token(random() % 2 == 0 ? 'a' : 'b'));
    return goes_on;
  };
  BOOST_TEST(!long_text(100'000)); // so many states one form does not have
  BOOST_TEST(long_text(1'000));
  BOOST_TEST(forms.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_refused_schema_is_not_kept, words_of_the_model) {
  form_cache forms(model->words());
  const auto made = forms.json_text(R"({"$dynamicRef": "#x"})");
  BOOST_TEST(made.error().message.find("$dynamicRef") != std::string::npos);
  BOOST_TEST(!made.error().hint.empty());
  BOOST_TEST(forms.size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
