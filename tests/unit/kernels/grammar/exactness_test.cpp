#include "config/schema/schema.hpp"
#include "tests/unit/kernels/grammar/grammar_texts.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::grammar;
using namespace troupe::kernels::grammar::testing;
using nlohmann::json;
using schema_grammar = troupe::kernels::grammar::grammar;

/// Random tokens of up to four bytes out of what JSON is made of.
std::shared_ptr<const token_index> random_tokens(std::mt19937& random) {
  static const std::vector<std::string> pieces{"{", "}",  "[", "]",    "\"",   ":",    ",",    "a",
                                               "b", "c",  "1", "2",    "0",    ".",    "-",    "e",
                                               " ", "\\", "u", "true", "null", "\xc3", "\xa9", "\n"};
  std::vector<std::string> bytes(pieces);
  for (int i = 0; i < 150; ++i) {
    std::string token;
    for (auto left = 2 + random() % 3; left > 0; --left)
      token += pieces[random() % pieces.size()];
    bytes.push_back(token);
  }
  bytes.emplace_back();
  const auto eos = static_cast<token_id>(bytes.size() - 1);
  return std::make_shared<const token_index>(std::move(bytes), eos);
}

/// The schemas of these seeds that both sides take.
template<class Visit>
int each_schema(unsigned first, unsigned count, bool any_tokens, Visit visit) {
  int taken = 0;
  for (auto seed = first; seed < first + count; ++seed) {
    std::mt19937 random(seed);
    const auto schema = random_schema(random, 2);
    const auto judge = troupe::config::schema::compile(schema.dump());
    const auto tokens = any_tokens ? random_tokens(random) : single_bytes();
    const auto made = schema_grammar::of_schema(schema.dump(), tokens);
    if (!judge || !made)
      continue;
    ++taken;
    BOOST_TEST_CONTEXT("seed " << seed << ", schema " << schema.dump())
    visit(random, *made, *tokens, *judge);
  }
  return taken;
}

void masks_are_what_is_accepted(std::mt19937& random, const std::shared_ptr<schema_grammar>& made,
                                const token_index& tokens) {
  const auto text = schema_grammar::begin(made);
  for (int step = 0; step < 25; ++step) {
    const auto bits = allowed(*text, tokens.size());
    std::vector<token_id> open;
    for (token_id id = 0; id < *tokens.eos(); ++id) {
      const bool accepted = text->copy()->accept(id);
      if (accepted != has(bits, id))
        BOOST_ERROR(
            "the mask and the text disagree about "
            << json(std::string(tokens.bytes(id))).dump(-1, ' ', false, json::error_handler_t::replace));
      if (accepted)
        open.push_back(id);
    }
    BOOST_TEST(has(bits, *tokens.eos()) == text->is_complete());
    if (open.empty())
      return;
    text->accept(open[random() % open.size()]);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(grammar_exactness)

BOOST_AUTO_TEST_CASE(values_walk_through_exactly_where_they_fit) {
  const auto taken =
      each_schema(1, 1'500, false, [](auto& random, const auto& made, const auto&, const auto& judge) {
        for (int i = 0; i < 40; ++i) {
          const auto value = random_value(random, 2);
          const auto fits = !judge.check(value).has_value();
          if (walks(made, value.dump()) != fits)
            BOOST_ERROR("a value that " << (fits ? "fits" : "does not fit") << ": " << value.dump());
        }
      });
  BOOST_TEST(taken > 900);
}

BOOST_AUTO_TEST_CASE(what_random_tokens_write_fits) {
  const auto taken = each_schema(10'000, 500, false,
                                 [](auto& random, const auto& made, const auto& tokens, const auto& judge) {
                                   const auto text = written(made, tokens, random);
                                   const auto value = json::parse(text, nullptr, false);
                                   if (value.is_discarded() || judge.check(value))
                                     BOOST_ERROR("written: " << text.substr(0, 400));
                                 });
  BOOST_TEST(taken > 300);
}

BOOST_AUTO_TEST_CASE(masks_are_what_token_by_token_is_accepted) {
  const auto taken =
      each_schema(20'001, 240, true, [](auto& random, const auto& made, const auto& tokens, const auto&) {
        masks_are_what_is_accepted(random, made, tokens);
      });
  BOOST_TEST(taken > 150);
}

BOOST_AUTO_TEST_SUITE_END()
