// Lines of texts to learn from: what is scored, and what is refused with its line.
#include "kernels/tokenizer/read.hpp"
#include "kernels/train/dataset.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace troupe::kernels::train {

namespace {

using kernels::tests::golden_folder;
using kernels::tests::golden_model;
using kernels::tests::problem_of;
using kernels::tests::within;

const chat::model_template simple{"{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if "
                                  "add_generation_prompt %}assistant: "
                                  "{% endif %}",
                                  "<s>", "</s>"};

struct reading {
  tokenizer words = open_tokenizer(golden_folder("llama-gqa") + "/model").value();
  model_shape shape = golden_model("llama-gqa")->shape;

  text_reader with(const chat::model_template* spelled = &simple) const { return {&words, spelled, &shape}; }
  std::string scored(const example& one) const {
    return words.decode(std::span(one.tokens).subspan(one.answer), false);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(datasets)

BOOST_AUTO_TEST_CASE(a_completion_is_scored_with_its_end) {
  const reading r;
  const auto one = read_example(R"({"prompt": "A lead", "completion": " came in"})", r.with()).value();
  BOOST_TEST(r.scored(one) == " came in");
  BOOST_TEST(one.tokens.front() == *r.words.bos());
  BOOST_TEST(one.tokens.back() == *r.words.eos());
}

BOOST_AUTO_TEST_CASE(of_a_conversation_the_last_message_is_scored) {
  const reading r;
  const auto one = read_example(
      R"({"messages": [{"role":"user","content":"price?"},{"role":"assistant","content":"12"}]})", r.with());
  BOOST_REQUIRE_EQUAL(problem_of(one), "no problem");
  BOOST_TEST(r.scored(*one) == "12\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_example_is_refused) {
  const reading r;
  const auto problem = [&r](const char* line) { return problem_of(read_example(line, r.with())); };
  BOOST_TEST(within(problem("[1]"), "a line is an object"));
  BOOST_TEST(within(problem(R"({"prompt": "a"})"), "\"completion\" is no text"));
  BOOST_TEST(within(problem(R"({"prompt": "a", "completion": "b", "answer": 1})"), "\"answer\""));
  BOOST_TEST(within(problem(R"({"messages": [{"role":"user","content":"a"}]})"), "assistant"));
  BOOST_TEST(within(problem(R"({"messages": []})"), "assistant"));
  BOOST_TEST(within(problem("{"), "no problem") == false);
}

BOOST_AUTO_TEST_CASE(conversations_need_a_template) {
  const reading r;
  const auto read = read_example(R"({"messages": [{"role":"assistant","content":"a"}]})", r.with(nullptr));
  BOOST_TEST(within(problem_of(read), "no chat template"));
}

BOOST_AUTO_TEST_CASE(a_text_longer_than_the_context_is_refused_and_not_cut) {
  const reading r;
  const auto line = "{\"prompt\": \"" + std::string(4000, '7') + "\", \"completion\": \"x\"}";
  BOOST_TEST(within(problem_of(read_example(line, r.with())), "longer than the model's context"));
}

BOOST_AUTO_TEST_CASE(a_wrong_line_is_told_by_its_number) {
  const reading r;
  const kernels::tests::own_folder place;
  std::ofstream(place.file("texts.jsonl"))
      << "{\"prompt\": \"a\", \"completion\": \"b\"}\n\n{\"prompt\": 1, \"completion\": \"b\"}\n";
  const auto read = read_examples(place.file("texts.jsonl"), r.with());
  BOOST_TEST(within(problem_of(read), "texts.jsonl:3: \"prompt\" is no text"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::train
