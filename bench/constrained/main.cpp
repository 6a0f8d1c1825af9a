// bench_constrained MODEL OUT.jsonl [COUNT]: texts that random tokens write under random signatures, as a
// model with random weights would, for check.mjs to hold against ajv. Prints what the masks took.
#include "kernels/grammar/grammar.hpp"
#include "kernels/tokenizer/read.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

namespace {

using namespace troupe::kernels;
using nlohmann::json;
using schema_grammar = grammar::grammar;
using clock_type = std::chrono::steady_clock;

// After so many tokens the text is brought to its end as soon as it may end.
constexpr std::size_t patience = 60;
constexpr std::size_t tokens_max = 4'000;

class signatures {
public:
  explicit signatures(unsigned seed)
      : random_(seed) {}

  /// What an agent's output would be declared as: an object of a few fields.
  json object(int depth) {
    auto made = json{{"type", "object"}, {"properties", json::object()}, {"required", json::array()}};
    made["additionalProperties"] = false;
    for (auto fields = 1 + draw(5); fields > 0; --fields) {
      const auto name = names_[draw(names_.size())];
      made["properties"][name] = field(depth - 1);
      if (draw(3) != 0 &&
          std::find(made["required"].begin(), made["required"].end(), name) == made["required"].end())
        made["required"].push_back(name);
    }
    return made;
  }

  std::size_t draw(std::size_t below) { return random_() % below; }

private:
  json field(int depth) {
    static const std::vector<json> plain{
        {{"type", "string"}, {"maxLength", 40}},
        {{"type", "string"}, {"pattern", "^[A-Z]{2,4}-[0-9]{1,6}$"}},
        {{"type", "string"}, {"format", "date"}},
        {{"type", "string"}, {"format", "email"}, {"maxLength", 60}},
        {{"enum", {"low", "high", "überfällig", 3, nullptr}}},
        {{"type", "integer"}, {"minimum", -40}, {"maximum", 1250}},
        {{"type", "number"}, {"minimum", 0}, {"exclusiveMaximum", 1}},
        {{"type", "number"}, {"multipleOf", 0.5}, {"minimum", 10}},
        {{"type", {"boolean", "null"}}},
        {{"anyOf",
          {{{"type", "integer"}, {"exclusiveMinimum", 7}},
           {{"type", "string"}, {"minLength", 3}, {"maxLength", 9}}}}},
        {{"oneOf", {{{"type", "integer"}}, {{"type", "number"}, {"maximum", 100}}}}}};
    const auto kind = depth > 0 ? draw(4) : 0;
    if (kind < 2)
      return plain[draw(plain.size())];
    if (kind == 2)
      return object(depth);
    return {{"type", "array"}, {"items", field(depth - 1)}, {"minItems", draw(2)}, {"maxItems", 1 + draw(4)}};
  }

  std::mt19937 random_;
  const std::vector<std::string> names_{"subject", "score", "tags",        "reply",
                                        "due",     "größe", "customer id", "a\"b"};
};

bool has(const std::vector<std::uint64_t>& bits, token_id id) {
  return (bits[static_cast<std::size_t>(id) / 64] >> (id % 64) & 1) != 0;
}

/// A token of those allowed; once patience is over a short one with a quote or bracket where there is one.
token_id chosen(const std::vector<token_id>& open, const grammar::token_index& tokens, bool hurry,
                signatures& random) {
  if (!hurry)
    return open[random.draw(open.size())];
  std::vector<token_id> ending;
  for (const auto id : open)
    if (tokens.bytes(id).size() == 1 && tokens.bytes(id).find_first_of("\"}]") != std::string_view::npos)
      ending.push_back(id);
  return ending.empty() ? open[random.draw(open.size())] : ending[random.draw(ending.size())];
}

/// Empty if the text would not end.
std::string written(token_constraint& text, const grammar::token_index& tokens, signatures& random,
                    std::vector<double>& times) {
  std::vector<std::uint64_t> bits(words_for(tokens.size()));
  std::string all;
  for (std::size_t step = 0; step < tokens_max; ++step) {
    const auto begin = clock_type::now();
    text.allow(bits);
    times.push_back(std::chrono::duration<double, std::micro>(clock_type::now() - begin).count());
    const bool hurry = step > patience;
    if (has(bits, *tokens.eos()) && (hurry || random.draw(4) == 0))
      return all;
    std::vector<token_id> open;
    for (token_id id = 0; static_cast<std::size_t>(id) < tokens.size(); ++id)
      if (has(bits, id) && id != *tokens.eos())
        open.push_back(id);
    if (open.empty())
      return has(bits, *tokens.eos()) ? all : "";
    const auto id = chosen(open, tokens, hurry, random);
    if (!text.accept(id))
      return {};
    all += tokens.bytes(id);
  }
  return {};
}

} // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "bench_constrained MODEL OUT.jsonl [COUNT]\n";
    return 2;
  }
  const auto words = open_tokenizer(arguments[1]);
  if (!words || !words->eos()) {
    std::cerr << (words ? "a vocabulary without an end" : words.error().message) << "\n";
    return 4;
  }
  const auto tokens = grammar::token_index::of(*words);
  std::ofstream out(arguments[2]);
  std::vector<double> times;
  signatures random(1);
  const auto wanted = count > 3 ? std::stoul(arguments[3]) : 10'000;
  std::size_t unfinished = 0;
  grammar::grammar_options how;
  how.white_space = 1;
  for (std::size_t i = 0; i < wanted; ++i) {
    const auto schema = random.object(3);
    const auto made = schema_grammar::of_schema(schema.dump(), tokens, how);
    if (!made) {
      std::cerr << made.error().message << ": " << schema.dump() << "\n";
      return 1;
    }
    const auto text = written(*schema_grammar::begin(*made), *tokens, random, times);
    unfinished += text.empty() ? 1 : 0;
    out << json{{"schema", schema}, {"text", text}}.dump() << "\n";
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  std::cout << wanted << " texts, " << unfinished << " unfinished, " << times.size() << " masks: p50 "
            << at(0.5) << " us, p99 " << at(0.99) << " us, max " << at(1) << " us\n";
  return 0;
}
