#include "cli/commands/command.hpp"
#include "cli/commands/model/kernel_result.hpp"
#include "cli/commands/model/raw_json.hpp"
#include "cli/commands/model/verbs.hpp"
#include "kernels/grammar/grammar.hpp"
#include "kernels/tokenizer/read.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

using clock = std::chrono::steady_clock;
using kernels::token_constraint;
using kernels::token_id;

// The longest rows of published sets have some hundred kilobytes.
constexpr std::size_t line_bytes_max = 64 * 1024 * 1024;

struct mask_options {
  std::string model;
  std::string cases;
};

/// What every row needs: the words, and the tokens prepared for masks.
struct mask_tools {
  kernels::tokenizer words;
  std::shared_ptr<const kernels::grammar::token_index> tokens;
};

double us_since(clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(clock::now() - begin).count();
}

/// The last of the smallest `share` of them.
double quantile(std::vector<double>& times, double share) {
  if (times.empty())
    return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + at, times.end());
  return times[static_cast<std::size_t>(at)];
}

bool has(const std::vector<std::uint64_t>& bits, token_id id) {
  return (bits[static_cast<std::size_t>(id) / 64] >> (id % 64) & 1) != 0;
}

/// Walks a text and notes what each of its masks took, up to the token that is not allowed.
bool accepts(token_constraint& text, const std::vector<token_id>& ids, std::size_t vocabulary,
             std::vector<double>& times) {
  std::vector<std::uint64_t> bits(kernels::words_for(vocabulary));
  for (const auto id : ids) {
    const auto begin = clock::now();
    text.allow(bits);
    times.push_back(us_since(begin));
    if (!has(bits, id) || !text.accept(id))
      return false;
  }
  return text.is_complete();
}

result<json> check_row(const mask_tools& tools, const std::string& line) {
  const auto row = json::parse(line, nullptr, false);
  if (!row.is_object() || !row.contains("schema"))
    return fail(fault::invalid, "a line is no JSON object with \"schema\"");
  json answer{{"name", row.value("name", json())}};
  const auto begin = clock::now();
  const auto grammar = kernels::grammar::grammar::of_schema(raw_member_of(line, "schema"), tools.tokens);
  const auto compile_us = us_since(begin);
  std::vector<double> times;
  auto tests = json::array();
  if (grammar) {
    for (const auto& [key, test] : raw_members(raw_member_of(line, "tests"))) {
      const auto ids = tools.words.encode(raw_member_of(test, "data"), {.special = false, .bos = false});
      if (!ids)
        return failed(ids);
      const auto text = kernels::grammar::grammar::begin(*grammar);
      const bool accepted = accepts(*text, *ids, tools.words.words().size(), times);
      tests.push_back(
          {{"valid", json::parse(raw_member_of(test, "valid"), nullptr, false)}, {"accepted", accepted}});
    }
  }
  answer["status"] = grammar ? "ok" : "refused";
  answer["reason"] = grammar ? "" : grammar.error().message;
  answer["tests"] = std::move(tests);
  answer["compile_us"] = compile_us;
  answer["tokens"] = times.size();
  answer["mask_us"] = {
      {"p50", quantile(times, 0.5)}, {"p99", quantile(times, 0.99)}, {"max", quantile(times, 1)}};
  return answer;
}

command_result mask(const invocation& run, const mask_options& options) {
  auto words = kernels::open_tokenizer(run.path(options.model));
  if (!words)
    return failed(words);
  std::ifstream cases(run.path(options.cases));
  if (!cases)
    return fail(fault::not_found, "cannot read " + options.cases);
  auto tokens = kernels::grammar::token_index::of(*words);
  const mask_tools tools{std::move(*words), std::move(tokens)};
  std::string line;
  for (std::size_t number = 1; std::getline(cases, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    if (line.size() > line_bytes_max)
      return fail(fault::refused, options.cases + ":" + std::to_string(number) + ": the line is too long");
    const auto answer = check_row(tools, line);
    if (!answer)
      return fail(answer.error().what,
                  options.cases + ":" + std::to_string(number) + ": " + answer.error().message,
                  answer.error().hint);
    run.world.out << answer->dump() << "\n";
  }
  return exit_code::done;
}

} // namespace

void add_model_mask(CLI::App& group, invocation& run) {
  add_command<mask_options>(
      group, run, "mask", "Check JSON Schema masks against instances, without a forward pass",
      [](CLI::App& command, mask_options& options) {
        command
            .add_option("MODEL", options.model,
                        "a GGUF, a Hugging Face folder, a tokenizer.json or tokenizer.model")
            ->required();
        command
            .add_option("--cases", options.cases,
                        "lines of {\"name\", \"schema\", \"tests\": [{\"valid\", \"data\"}]}")
            ->required();
      },
      mask);
}

} // namespace troupe::cli
