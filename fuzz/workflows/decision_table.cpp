// Any {table, facts}: a verdict whose confidence lies between 0 and 1, or a reason why there is none; the
// same again when asked again.
#include "config/expression/value_json.hpp"
#include "runtime/base/text.hpp"
#include "workflows/builtin/decision.hpp"

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe;
  const auto read = read_json({reinterpret_cast<const char*>(bytes), size});
  if (!read.is_object())
    return 0;
  const auto with = expression::from_json(read);
  if (!with)
    return 0;
  const auto said = workflow::evaluate_decision(*with);
  require(said == workflow::evaluate_decision(*with));
  if (!said.ok) {
    require(said.kind == "invalid" && !said.message.empty());
    return 0;
  }
  const auto verdict = nlohmann::json::parse(said.body);
  const auto confidence = verdict.at("confidence").get<double>();
  require(confidence >= 0 && confidence <= 1);
  require(verdict.contains("score") != verdict.contains("choice"));
  require(verdict.at("reasons").is_array());
  return 0;
}
