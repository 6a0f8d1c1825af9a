// Any reply of a model: what is found in it is JSON that survives a round trip, and a prediction fed with it
// goes on, ends or fails, but never breaks.
#include "actors/models/reply.hpp"
#include "actors/models/predict_session.hpp"

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {

using namespace troupe::models;

void require(bool holds) {
  if (!holds)
    std::abort();
}

const signature& judged() {
  static const signature made = [] {
    signature_text text;
    text.name = "fuzz";
    text.instructions = "Judge.";
    text.input = "true";
    text.output = R"({"type": "object", "required": ["score"], "additionalProperties": false,
                      "properties": {"score": {"type": "integer", "minimum": 0},
                                     "reasons": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}}})";
    return signature::make(std::move(text)).value();
  }();
  return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view reply(reinterpret_cast<const char*>(bytes), size);
  if (const auto found = extract_json(reply))
    require(json::parse(dump_json(*found)) == *found);
  predict_session session(judged(), 1);
  require(session.start("1").state == predict_state::asking);
  const auto step = session.feed(reply);
  if (step.state == predict_state::asking)
    require(session.feed(reply).state == predict_state::failed);
  else
    require(step.state == predict_state::done && !judged().output().check(json::parse(step.output)));
  return 0;
}
