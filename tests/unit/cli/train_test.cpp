#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using test::cli_fixture;

namespace {

const std::string model = std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/llama-gqa/model";

std::string plan(const std::string& more = {}) {
  return "model: " + model + "\ndata: data.jsonl\nheld_out: data.jsonl\nout: out\n" +
         "adapter: { targets: [q_proj, v_proj], rank: 4, alpha: 8 }\nbatch: 2\n" + more;
}

constexpr auto data = "{\"prompt\": \"cancel\", \"completion\": \" my order\"}\n"
                      "{\"prompt\": \"price\", \"completion\": \" of a lead\"}\n";

bool within(const std::ostringstream& text, const std::string& part) {
  return text.str().find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(training, cli_fixture)

BOOST_AUTO_TEST_CASE(an_adapter_is_trained_and_can_be_used) {
  write("t.yaml", plan("epochs: 3\n"));
  write("data.jsonl", data);
  pauses_left = 100;
  BOOST_TEST(troupe({"train", file("t.yaml"), "-o", "json"}) == 0);
  BOOST_TEST(document()["steps"] == 3);
  BOOST_TEST(document()["held_out_loss"].get<double>() > 0);
  BOOST_TEST(within(err, "epoch 3 of 3"));
  BOOST_TEST(troupe({"model", "generate", model, "--adapter", file("out/adapter"), "--prompt", "cancel",
                     "--max", "2", "-o", "json"}) == 0);
}

BOOST_AUTO_TEST_CASE(a_training_that_is_stopped_goes_on_where_it_stood) {
  write("t.yaml", plan("epochs: 5\n"));
  write("data.jsonl", data);
  pauses_left = 1;
  BOOST_TEST(troupe({"train", file("t.yaml")}) == 1);
  BOOST_TEST(within(err, "stopped; the same command goes on from step 2"));
  pauses_left = 100;
  BOOST_TEST(troupe({"train", file("t.yaml"), "-o", "json"}) == 0);
  BOOST_TEST(within(err, "going on from step 2 of 5"));
  BOOST_TEST(document()["steps"] == 5);
}

BOOST_AUTO_TEST_CASE(every_mistake_of_the_file_has_its_place) {
  write("t.yaml", plan("epochs: 0\nrats: 1\nthreads: many\n"));
  BOOST_TEST(troupe({"train", file("t.yaml")}) == 6);
  BOOST_TEST(within(out, ":7:9: error: this must be from 1 to 65536"));
  BOOST_TEST(within(out, ":8:1: error: there is no \"rats\" here"));
  BOOST_TEST(within(out, "did you mean rate?"));
  BOOST_TEST(within(out, ":9:10: error: this must be a whole number"));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
  write("t.yaml", "model: m\n");
  BOOST_TEST(troupe({"train", file("t.yaml")}) == 6);
  for (const auto* key : {"\"data\" is missing", "\"out\" is missing", "\"adapter\" is missing"})
    BOOST_TEST(within(out, key), key);
}

BOOST_AUTO_TEST_CASE(a_wrong_line_of_the_data_is_named) {
  write("t.yaml", plan());
  write("data.jsonl", "{\"prompt\": \"cancel\"}\n");
  BOOST_TEST(troupe({"train", file("t.yaml")}) == 2);
  BOOST_TEST(within(err, "data.jsonl:1: \"completion\" is no text"));
}

BOOST_AUTO_TEST_SUITE_END()
