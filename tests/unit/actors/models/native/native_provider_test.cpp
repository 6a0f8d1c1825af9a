#include "actors/models/native/native_provider.hpp"

#include "actors/models/model_executor.hpp"
#include "actors/models/native/heard_text.hpp"
#include "actors/models/settings.hpp"
#include "tests/unit/actors/models/fakes.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace troupe;
using namespace troupe::models;

namespace {

const std::string golden = std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/llama-gqa";

struct fixed_clock final : clock_source {
  instant now() override { return from_ms(1'000'000); }
};
struct counting final : random_source {
  std::uint64_t next() override { return ++last; }
  std::uint64_t last = 0;
};
struct listening final : cancel_token {
  bool canceled() const override { return gone; }
  bool gone = false;
};
struct heard_pieces final : progress_sink {
  void piece(std::string_view text) override { all += text; }
  std::string all;
};

native_settings tiny() {
  native_settings settings;
  settings.path = golden + "/model";
  settings.adapters = {{"poet", golden + "/adapter"}, {"ghost", golden + "/nowhere"}};
  settings.exact = true;
  settings.background = false; // a busy machine would starve it
  return settings;
}

struct stage {
  explicit stage(const native_settings& settings = tiny())
      : service(native_service::open("tiny", settings, clock).value()) {}

  provided<answered<chat_reply>> say(const std::string& model, std::vector<std::string> stop = {"e"}) {
    chat_request request;
    request.model = model;
    request.messages = {{chat_role::user, "Tell me of the sea."}};
    request.stop = std::move(stop);
    request.stream = true;
    return provider.generate(request, {deadline, key, who, pieces});
  }
  std::string kind_of(const std::string& model) {
    const auto said = say(model);
    return said ? "" : said.error().kind;
  }

  fixed_clock clock;
  counting random;
  listening who;
  heard_pieces pieces;
  instant deadline = never;
  std::string key = "run-7/ask";
  std::shared_ptr<native_service> service;
  native_provider provider{service, clock, random};
};

} // namespace

BOOST_AUTO_TEST_SUITE(native_models)

BOOST_AUTO_TEST_CASE(an_answer_streams_counts_and_repeats_under_its_key) {
  stage own;
  const auto said = own.say("tiny").value();
  BOOST_TEST(said.reply.text == own.pieces.all);
  BOOST_TEST(said.reply.text.find('e') == std::string::npos);
  BOOST_TEST(said.reply.usage->prompt > 0);
  BOOST_TEST(own.say("tiny")->reply.text == said.reply.text);
  own.key = "run-8/ask";
  BOOST_TEST(own.say("tiny")->reply.text != said.reply.text);
}

BOOST_AUTO_TEST_CASE(an_adapter_answers_behind_a_plus) {
  stage own;
  BOOST_TEST(own.say("tiny+poet")->reply.model == "tiny+poet");
  BOOST_TEST(own.service->server().counters().steps > 0u);
  BOOST_TEST(own.kind_of("tiny+nobody") == "http.404");
  BOOST_TEST(own.kind_of("other") == "http.404");
  BOOST_TEST(own.kind_of("tiny+ghost") == "model.bad_response"); // its folder is not there
}

BOOST_AUTO_TEST_CASE(a_prompt_beyond_the_context_is_invalid_and_never_cut) {
  stage own;
  chat_request request;
  request.messages = {{chat_role::user, std::string(4'000, 'x')}};
  const auto said = own.provider.generate(request, {never, "", own.who, own.pieces});
  BOOST_TEST(said.error().kind == "invalid");
  BOOST_TEST(said.error().message.find("the model's context holds 256") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_at_the_token_limit_is_cut_and_says_so) {
  stage own;
  chat_request request;
  request.messages = {{chat_role::user, "x"}};
  request.max_tokens = 1;
  const auto said = own.provider.generate(request, {never, "", own.who, own.pieces});
  BOOST_TEST(said.error().kind == "model.truncated");
  BOOST_TEST(said.error().usage->completion == 1);
}

BOOST_AUTO_TEST_CASE(who_is_canceled_or_too_late_is_told) {
  stage own;
  own.deadline = from_ms(999'999);
  BOOST_TEST(own.kind_of("tiny") == "timeout");
  own.deadline = never;
  own.who.gone = true;
  const auto said = own.say("tiny", {}); // it may be over before it hears of it
  BOOST_TEST((said || said.error().kind == "canceled" || said.error().kind == "model.truncated"));
}

BOOST_AUTO_TEST_CASE(vectors_have_unit_length_and_their_texts_order) {
  stage own;
  const embed_request request{"tiny", {"one text", "another"}, std::nullopt};
  const auto made = own.provider.embed(request, {never, "", own.who, own.pieces}).value().reply;
  double sum = 0;
  for (const auto value : made.vectors.at(1))
    sum += static_cast<double>(value) * static_cast<double>(value);
  BOOST_TEST(sum == 1.0, boost::test_tools::tolerance(1e-5));
  BOOST_TEST((made.vectors[0] != made.vectors[1]));
  const embed_request wrong{"tiny", {"one"}, 7};
  BOOST_TEST(own.provider.embed(wrong, {never, "", own.who, own.pieces}).error().kind == "invalid");
}

BOOST_AUTO_TEST_CASE(a_full_queue_turns_away) {
  auto settings = tiny();
  settings.waiting = 1;
  settings.batch = 1;
  stage own(settings);
  std::vector<std::shared_ptr<heard_text>> boxes;
  for (int i = 0; i < 50; ++i) {
    boxes.push_back(std::make_shared<heard_text>());
    kernels::text_request asked;
    asked.prompt = {5, 6, 7};
    asked.tokens_max = 20;
    asked.ignore_end = true;
    own.service->server().ask(std::move(asked), heard_text::into(boxes.back()));
  }
  int turned_away = 0;
  for (const auto& box : boxes)
    for (bool over = false; !over;) {
      const auto update = box->wait_for(std::chrono::seconds(60));
      BOOST_TEST_REQUIRE(update.has_value());
      over = !*update || (*update)->end;
      turned_away += *update ? 0 : 1;
    }
  BOOST_TEST(turned_away > 0);
  BOOST_TEST(turned_away < 50);
}

BOOST_AUTO_TEST_CASE(who_is_under_way_when_the_server_ends_is_canceled) {
  auto box = std::make_shared<heard_text>();
  {
    stage own;
    kernels::text_request asked;
    asked.prompt = {5, 6, 7};
    asked.ignore_end = true;
    own.service->server().ask(std::move(asked), heard_text::into(box));
  }
  std::optional<kernels::text_end> end;
  while (!end)
    end = box->wait_for(std::chrono::seconds(60)).value().value().end;
  BOOST_TEST((end->why == kernels::text_finish::canceled || end->why == kernels::text_finish::length));
}

BOOST_AUTO_TEST_CASE(adapters_come_and_go_while_it_runs) {
  stage own;
  auto& server = own.service->server();
  BOOST_TEST(server.put_adapter("clerk", golden + "/adapter").has_value());
  BOOST_TEST(server.pin_adapter("clerk", true).has_value());
  BOOST_TEST(own.say("tiny+clerk").has_value());
  BOOST_TEST(server.remove_adapter("clerk").has_value());
  BOOST_TEST(own.kind_of("tiny+clerk") == "http.404");
  BOOST_TEST(server.adapters().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_model_that_is_not_there_is_named) {
  fixed_clock clock;
  native_settings settings;
  settings.path = "/nowhere.gguf";
  const auto made = native_service::open("tiny", settings, clock);
  BOOST_TEST(made.error().message.find("model tiny") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(settings_name_a_model_and_its_adapters) {
  const auto settings = read_models_settings(R"({"providers": {"tiny": {"kind": "native", "path": "m.gguf",
    "adapters": {"poet": "p"}, "threads": 2, "pages": 64, "precision": "f32", "priority": "normal"}},
    "segments": {"default": {"provider": "tiny", "model": "tiny+poet"}}})");
  const auto& own = settings.value().providers.at("tiny").native.value();
  BOOST_TEST(own.path == "m.gguf");
  BOOST_TEST(own.adapters.at("poet") == "p");
  BOOST_TEST(own.threads == 2u);
  BOOST_TEST(own.exact);
  BOOST_TEST(!own.background);
}

BOOST_AUTO_TEST_CASE(settings_of_a_model_that_make_no_sense_are_refused) {
  const auto problem = [](std::string_view text) { return read_models_settings(text).error().message; };
  BOOST_TEST(problem(R"({"providers": {"a": {"kind": "native"}}})").find("path") != std::string::npos);
  BOOST_TEST(problem(R"({"providers": {"a": {"kind": "native", "path": "x", "url": "y"}}})").find("url") !=
             std::string::npos);
  BOOST_TEST(problem(R"({"providers": {"a+b": {"kind": "native", "path": "x"}}})") ==
             "a model's name holds no + and no /: a+b");
}

BOOST_AUTO_TEST_CASE(a_default_of_the_nodes_own_goes_by_the_name_of_its_file) {
  config::node_settings::model_settings node;
  node.provider = "native";
  node.path = "/models/mistral-7b.Q4_0.gguf";
  node.adapters = "poet=/adapters/poet, clerk=/adapters/clerk";
  const auto made = models_of(node).value();
  BOOST_TEST(made.segments.at("default").choices.front().model == "mistral-7b.Q4_0");
  BOOST_TEST(made.providers.at("mistral-7b.Q4_0").native->adapters.size() == 2u);
  node.path.clear();
  BOOST_TEST(models_of(node).error().message == "a model of our own needs models.default.path");
}

BOOST_AUTO_TEST_CASE(a_domain_is_what_a_kind_begins_with) {
  BOOST_TEST(domain_of("sales.qualifier/lead-42") == "sales");
  BOOST_TEST(domain_of("@acme/sales.qualifier/lead.42") == "sales");
  BOOST_TEST(domain_of("poet/a") == "poet");
  BOOST_TEST(domain_of("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
