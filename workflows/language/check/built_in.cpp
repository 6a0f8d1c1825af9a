#include "config/invariant.hpp"
#include "workflows/language/check/catalogue.hpp"

#include <array>

namespace troupe::workflow {
namespace {

struct row {
  std::string_view agent;
  std::string_view action;
  std::string_view input;
  std::string_view output;
};

constexpr std::string_view request = R"({"type":"object","properties":{
  "method":{"type":"string"},"url":{"type":"string"},"headers":{"type":"object"},"query":{"type":"object"},
  "body":{},"timeout":{}},"required":["url"],"additionalProperties":false})";
constexpr std::string_view response =
    R"({"type":"object","properties":{"status":{"type":"integer"},"headers":{"type":"object"},"body":{}},
  "required":["status","headers","body"]})";
constexpr std::string_view mail = R"({"type":"object","properties":{
  "to":{},"subject":{"type":"string"},"body":{"type":"string"},"message":{}},"required":["to"],
  "additionalProperties":false})";
constexpr std::string_view command = R"({"type":"object","properties":{
  "command":{"type":"string"},"args":{"type":"array"},"stdin":{},"timeout":{}},"required":["command"],
  "additionalProperties":false})";

constexpr std::array rows{
    row{"http", "request", request, response},
    row{"http", "get", request, response},
    row{"http", "post", request, response},
    row{"transform", "apply",
        R"({"type":"object","properties":{"value":{}},"required":["value"],"additionalProperties":false})",
        "{}"},
    row{"transform", "jq",
        R"({"type":"object","properties":{"program":{"type":"string"},"input":{}},"required":["program","input"],"additionalProperties":false})",
        "{}"},
    row{"decision", "evaluate",
        R"({"type":"object","properties":{"table":{},"facts":{}},"required":["table","facts"],"additionalProperties":false})",
        R"({"type":"object","properties":{"score":{"type":"number"},"choice":{},"reasons":{"type":"array"},"confidence":{"type":"number"}},
  "required":["reasons","confidence"]})"},
    row{"mail", "send", mail, R"({"type":"object","properties":{"id":{"type":"string"}},"required":["id"]})"},
    row{"mail", "lookup",
        R"({"type":"object","properties":{"key":{"type":"string"}},"required":["key"],"additionalProperties":false})",
        R"({"type":"object","properties":{"found":{"type":"boolean"},"result":{}},"required":["found"]})"},
    row{"log", "write",
        R"({"type":"object","properties":{"level":{"enum":["debug","info","warn","error"]},"message":{"type":"string"},"fields":{"type":"object"}},
  "required":["message"],"additionalProperties":false})",
        "{}"},
    row{"model", "generate",
        R"({"type":"object","properties":{"messages":{"type":"array"}},"required":["messages"]})",
        R"({"type":"object","properties":{"text":{"type":"string"},"finish":{"type":"string"}},
  "required":["text","finish"]})"},
    row{"model", "embed",
        R"({"type":"object","properties":{"inputs":{"type":"array"}},"required":["inputs"]})",
        R"({"type":"object","properties":{"vectors":{"type":"array"}},"required":["vectors"]})"},
    row{"exec", "run", command,
        R"({"type":"object","properties":{"code":{"type":"integer"},"stdout":{"type":"string"},"stderr":{"type":"string"}},
  "required":["code","stdout","stderr"]})"},
};

std::shared_ptr<const schema> compiled(std::string_view text) {
  auto made = schema::compile(std::string(text));
  ensure(made.has_value(), "the schemas of our own agents compile");
  return *made;
}

catalogue make() {
  catalogue made;
  for (const row& r : rows)
    made.agents[std::string(r.agent)].actions.emplace(
        std::string(r.action),
        action_signature{compiled(r.input), r.output == "{}" ? nullptr : compiled(r.output), false});
  return made;
}

} // namespace

const catalogue& built_in() {
  static const catalogue all = make();
  return all;
}

} // namespace troupe::workflow
