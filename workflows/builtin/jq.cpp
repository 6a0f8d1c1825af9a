#include "workflows/builtin/jq.hpp"

#include "config/expression/value_json.hpp"
#include "config/limits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/process/child.hpp"
#include "workflows/builtin/answer.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

using expression::value;

struct nobody_cancels final : cancel_token {
  bool canceled() const override { return false; }
};

outcome read_results(const std::string& text) {
  const auto read = read_json(text);
  if (!read.is_object())
    return invalid("transform.jq: the results are nested too deeply");
  if (const auto wrong = read.find("error"); wrong != read.end())
    return invalid("transform.jq: " + wrong->get<std::string>());
  const auto& results = read.at("results");
  const auto& said = results.empty() ? nlohmann::json() : results.size() == 1 ? results[0] : results;
  return outcome::success(said.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

outcome told(const child_end& end) {
  switch (end.ended) {
  case child_end::how::exited:
    return end.code == 0 ? read_results(end.output)
                         : invalid("transform.jq: the program ended without a result");
  case child_end::how::late:
    return outcome::failure("timeout", "transform.jq: the program takes more than five seconds");
  case child_end::how::too_large:
    return invalid("transform.jq: the results are larger than " +
                   std::to_string(limits::jq_output_bytes_max) + " bytes");
  case child_end::how::killed:
    return invalid("transform.jq: the program needs more memory than it may have, or crashes jq");
  case child_end::how::canceled:
  case child_end::how::not_started:
    break;
  }
  return outcome::failure("unavailable", "transform.jq: " + end.problem);
}

} // namespace

outcome run_jq(const value& with) {
  const auto* program = with.find("program");
  const auto* input = with.find("input");
  if (!program || !program->is(expression::value_kind::text))
    return invalid("transform.jq takes {program, input}, the program as text");
  if (program->as_text().size() > limits::jq_program_bytes_max)
    return invalid("transform.jq: the program is longer than " +
                   std::to_string(limits::jq_program_bytes_max) + " bytes");
  if (program->as_text().find_first_not_of(" \t\r\n") == std::string::npos)
    return invalid("transform.jq: the program is empty; . hands its input on");
  const auto json = expression::to_json(input ? *input : value());
  if (!json)
    return invalid(json.error());
  const auto text = json->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const child_limits most{limits::jq_time_max, limits::jq_output_bytes_max, limits::jq_memory_bytes_max};
  return told(run_apart([&] { return evaluate_jq(program->as_text(), text); }, most, nobody_cancels()));
}

} // namespace troupe::workflow
