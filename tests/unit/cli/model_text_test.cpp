#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using test::cli_fixture;

namespace {

const std::string words = R"({"added_tokens":[{"id":0,"content":"<s>","special":true}],
  "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},"decoder":{"type":"ByteLevel"},
  "model":{"type":"BPE","vocab":{"<s>":0,"H":1,"i":2,"Hi":3,"<":4,"s":5,">":6},"merges":["H i"]}})";

struct text_fixture : cli_fixture {
  text_fixture() {
    write("tokenizer.json", words);
    write("tokenizer_config.json",
          R"({"bos_token":"<s>","chat_template":"{{ bos_token }}{{ messages[0].content }}"})");
  }

  std::string answered(std::vector<std::string> command, const std::string& input, int code = 0) {
    in.str(input);
    in.clear();
    out.str("");
    command.insert(command.begin(), "model");
    BOOST_TEST(troupe(command) == code, err.str());
    return out.str();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(texts_of_models, text_fixture)

BOOST_AUTO_TEST_CASE(text_becomes_tokens_and_text_again) {
  BOOST_TEST(answered({"tokenize", file("tokenizer.json")}, R"({"text":"Hi"})") == "{\"ids\":[3]}\n");
  BOOST_TEST(answered({"detokenize", file("tokenizer.json")}, R"({"ids":[3,2]})") == "{\"text\":\"Hii\"}\n");
}

BOOST_AUTO_TEST_CASE(special_tokens_count_as_asked) {
  const auto model = file("tokenizer.json");
  BOOST_TEST(answered({"tokenize", model}, R"({"text":"<s>"})") == "{\"ids\":[0]}\n");
  BOOST_TEST(answered({"tokenize", model, "--no-special"}, R"({"text":"<s>"})") == "{\"ids\":[4,5,6]}\n");
  BOOST_TEST(answered({"tokenize", model, "--bos"}, R"({"text":"Hi"})") == "{\"ids\":[0,3]}\n");
  BOOST_TEST(answered({"detokenize", model, "--no-special"}, R"({"ids":[0,3]})") == "{\"text\":\"Hi\"}\n");
}

BOOST_AUTO_TEST_CASE(each_line_has_its_answer) {
  BOOST_TEST(answered({"tokenize", folder.string(), "--jsonl"}, "{\"text\":\"H\"}\n\n{\"text\":\"i\"}\n") ==
             "{\"ids\":[1]}\n{\"ids\":[2]}\n");
  BOOST_TEST(answered({"tokenize", folder.string(), "--jsonl"}, "no JSON\n").find("error") !=
             std::string::npos);
  BOOST_TEST(
      answered({"detokenize", folder.string(), "--jsonl"}, "{\"ids\":[99]}\n").find("99 is no token") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said) {
  answered({"tokenize", file("none.json")}, "{}", 4);
  answered({"tokenize", file("tokenizer.json")}, "{}", 2);
  answered({"detokenize", file("tokenizer.json")}, R"({"ids":["a"]})", 2);
}

BOOST_AUTO_TEST_CASE(a_model_renders_messages_with_its_template) {
  write("messages.json", R"([{"role":"user","content":"Hello"}])");
  BOOST_TEST(answered({"render", folder.string(), "--messages", file("messages.json")}, "") == "<s>Hello");
}

BOOST_AUTO_TEST_CASE(a_template_of_ones_own_sees_tools_and_more) {
  write("t.jinja", "{{ tools|length }}{{ add_generation_prompt }}{{ extra }}{{ strftime_now('%Y') }}");
  write("messages.json", R"({"messages":[],"extra":"!"})");
  write("tools.json", "[{}]");
  BOOST_TEST(answered({"render", "--template", file("t.jinja"), "--messages", file("messages.json"),
                       "--tools", file("tools.json"), "--add-generation-prompt"},
                      "") == "1True!2026");
}

BOOST_AUTO_TEST_CASE(rows_bring_their_templates) {
  BOOST_TEST(
      answered(
          {"render", "--jsonl"},
          "{\"template\":\"{{ messages|length }}\",\"messages\":[1,2]}\n{\"template\":\"{{ 1/0 }}\"}\n{}\n")
          .starts_with("{\"text\":\"2\"}\n{\"error\":\"template, line 1: division by zero\"}\n{\"error\":"));
}

BOOST_AUTO_TEST_CASE(rendering_nothing_is_refused) {
  answered({"render", folder.string()}, "", 2);
  std::filesystem::create_directories(folder / "bare");
  write("bare/tokenizer_config.json", "{}");
  answered({"render", file("bare"), "--messages", file("tokenizer.json")}, "", 4);
}

BOOST_AUTO_TEST_SUITE_END()
