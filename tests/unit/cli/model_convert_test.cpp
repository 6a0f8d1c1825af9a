#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using test::cli_fixture;

namespace {

std::string golden(const std::string& name) {
  return std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/" + name;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(converting_models, cli_fixture)

BOOST_AUTO_TEST_CASE(a_converted_model_answers_the_same) {
  const auto tokens_of = [this](const std::string& model) {
    out.str("");
    BOOST_TEST(troupe({"model", "generate", model, "--ids", "5,6", "--max", "12", "-o", "json"}) == 0);
    return document()["sequences"][0]["ids"];
  };
  BOOST_TEST(troupe({"model", "convert", golden("qwen2-tied/model"), "q.gguf", "-o", "json"}) == 0);
  BOOST_TEST(document()["tensors"] == 26);
  BOOST_TEST(troupe({"model", "convert", "q.gguf", "folder"}) == 0);
  const auto wanted = tokens_of(golden("qwen2-tied/model"));
  BOOST_TEST(tokens_of("q.gguf") == wanted);
  BOOST_TEST(tokens_of("folder") == wanted);
}

BOOST_AUTO_TEST_CASE(a_quantised_model_is_smaller) {
  BOOST_TEST(troupe({"model", "quantize", golden("qwen2-tied/model"), "q.gguf"}) == 0);
  BOOST_TEST(std::filesystem::file_size(file("q.gguf")) * 3 <
             std::filesystem::file_size(golden("qwen2-tied/model/model.safetensors")));
  BOOST_TEST(troupe({"model", "inspect", "q.gguf", "-o", "json"}) == 0);
  BOOST_TEST(document()["weights"] == "Q8_0");
}

BOOST_AUTO_TEST_CASE(wrong_places_and_kinds_are_refused) {
  BOOST_TEST(troupe({"model", "convert", golden("qwen2-tied/model"), "q.gguf", "--type", "q2_k"}) == 2);
  BOOST_TEST(troupe({"model", "quantize", golden("qwen2-tied/model"), "folder"}) == 2);
  BOOST_TEST(troupe({"model", "convert", "same.gguf", "same.gguf"}) == 2);
  BOOST_TEST(troupe({"model", "convert", "none.gguf", "q.gguf"}) == 4);
}

BOOST_AUTO_TEST_SUITE_END()
