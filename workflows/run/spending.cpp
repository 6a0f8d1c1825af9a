#include "workflows/run/spending.hpp"

#include "runtime/base/text.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

std::uint64_t number_in(const nlohmann::json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// A number, or what the model tells of its parts.
std::uint64_t tokens_in(const nlohmann::json& meta) {
  const auto found = meta.find("tokens");
  if (found == meta.end() || !found->is_object())
    return number_in(meta, "tokens");
  return number_in(*found, "prompt") + number_in(*found, "completion");
}

} // namespace

void add_spending(run_record& run, const outcome& answer) {
  if (answer.meta.empty())
    return;
  const auto meta = read_json(answer.meta);
  if (!meta.is_object())
    return;
  run.tokens += tokens_in(meta);
  run.micro_usd += number_in(meta, "micro_usd") + number_in(meta, "cost_micro");
}

} // namespace troupe::workflow
