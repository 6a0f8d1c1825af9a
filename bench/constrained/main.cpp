// bench_constrained MODEL OUT.jsonl [COUNT]: what a model, random weights or not, writes under random
// signatures, asked as predictions are, for check.mjs to hold against ajv.
#include "actors/models/native/native_provider.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

namespace {

using namespace troupe;
using namespace troupe::models;
using nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr unsigned askers = 32; // as many as a batch holds

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
        {{"oneOf", {{{"type", "integer"}}, {{"type", "string"}, {"format", "date"}}}}}};
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

struct still_clock final : clock_source {
  instant now() override { return from_ms(1'000'000); }
};
struct no_random final : random_source { // seeds come from the keys
  std::uint64_t next() override { return 0; }
};
struct never_canceled final : cancel_token {
  bool canceled() const override { return false; }
};
struct unheard final : progress_sink {
  void piece(std::string_view) override {}
};

struct answer {
  std::string text;
  std::string problem; // instead of it
  std::int64_t tokens = 0;
};

answer asked(model_provider& of, const json& schema, std::size_t number) {
  chat_request request;
  request.messages = {{chat_role::user, "Answer."}};
  request.format = answer_format{"signature", schema.dump()};
  const never_canceled who;
  unheard sink;
  const auto made = of.generate(request, {never, "text-" + std::to_string(number), who, sink});
  if (!made)
    return {{}, made.error().kind + ": " + made.error().message, 0};
  return {made->reply.text, {}, made->reply.usage->completion};
}

/// In the order of the schemas.
std::vector<answer> answers(model_provider& of, const std::vector<json>& schemas) {
  std::vector<answer> all(schemas.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < askers; ++i)
    threads.emplace_back([&] {
      for (auto at = next++; at < all.size(); at = next++)
        all[at] = asked(of, schemas[at], at);
    });
  for (auto& one : threads)
    one.join();
  return all;
}

} // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "bench_constrained MODEL OUT.jsonl [COUNT]\n";
    return 2;
  }
  still_clock clock;
  no_random random;
  native_settings settings;
  settings.path = arguments[1];
  settings.background = false;
  auto service = native_service::open("model", settings, clock);
  if (!service) {
    std::cerr << service.error().message << "\n";
    return 4;
  }
  signatures draw(1);
  std::vector<json> schemas(count > 3 ? std::stoul(arguments[3]) : 10'000);
  std::ranges::generate(schemas, [&] { return draw.object(3); });
  native_provider provider(std::move(*service), clock, random);
  const auto begin = steady::now();
  const auto all = answers(provider, schemas);
  const auto seconds = std::chrono::duration<double>(steady::now() - begin).count();
  std::ofstream out(arguments[2]);
  std::int64_t tokens = 0;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    tokens += all[i].tokens;
    if (!all[i].problem.empty() && ++failed <= 10)
      std::cerr << all[i].problem << "\n  " << schemas[i] << "\n";
    out << json{{"schema", schemas[i]}, {"text", all[i].text}}.dump() << "\n";
  }
  std::cout << all.size() << " texts, " << failed << " without an answer, " << tokens << " tokens in "
            << seconds << " s\n";
  return failed == 0 ? 0 : 1;
}
