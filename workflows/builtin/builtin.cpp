#include "workflows/builtin/builtin.hpp"

#include "workflows/builtin/answer.hpp"
#include "workflows/builtin/decision.hpp"
#include "workflows/builtin/jq.hpp"

#include <algorithm>
#include <array>

namespace troupe::workflow {
namespace {

using expression::value;

outcome apply(const value& with) {
  const auto* given = with.find("value");
  return given ? answer(*given) : invalid("transform.apply takes {value}");
}

constexpr std::string_view http_request = R"json({
  "type": "object", "required": ["url"], "additionalProperties": false,
  "properties": {
    "method": {"enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]},
    "url": {"type": "string"},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    "query": {"type": "object",
              "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]}},
    "body": {},
    "timeout": {"type": "string"}
  }})json";

constexpr std::string_view http_get = R"json({
  "type": "object", "required": ["url"], "additionalProperties": false,
  "properties": {
    "url": {"type": "string"},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    "query": {"type": "object",
              "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]}},
    "timeout": {"type": "string"}
  }})json";

constexpr std::string_view http_post = R"json({
  "type": "object", "required": ["url"], "additionalProperties": false,
  "properties": {
    "url": {"type": "string"},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    "query": {"type": "object",
              "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"]}},
    "body": {},
    "timeout": {"type": "string"}
  }})json";

constexpr std::string_view http_response = R"json({
  "type": "object", "required": ["status", "headers", "body"],
  "properties": {
    "status": {"type": "integer"},
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    "body": {}
  }})json";

constexpr std::string_view transform_apply = R"json({
  "type": "object", "required": ["value"], "additionalProperties": false, "properties": {"value": {}}})json";

constexpr std::string_view transform_jq = R"json({
  "type": "object", "required": ["program"], "additionalProperties": false,
  "properties": {"program": {"type": "string", "minLength": 1}, "input": {}}})json";

constexpr std::string_view decision_evaluate = R"json({
  "type": "object", "required": ["table", "facts"], "additionalProperties": false,
  "properties": {
    "table": {
      "type": "object", "required": ["rules"],
      "properties": {"mode": {"enum": ["sum", "first"]}, "rules": {"type": "array", "minItems": 1}}
    },
    "facts": {}
  }})json";

constexpr std::string_view decision_verdict = R"json({
  "type": "object", "required": ["reasons", "confidence"],
  "properties": {
    "score": {"type": "number"},
    "choice": {},
    "reasons": {"type": "array", "items": {"type": "string"}},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1}
  }})json";

constexpr std::string_view mail_send = R"json({
  "type": "object", "required": ["to"], "additionalProperties": false,
  "properties": {
    "to": {"type": ["string", "array"], "items": {"type": "string"}},
    "subject": {"type": "string"},
    "body": {"type": "string"},
    "message": {"type": ["string", "object"]}
  }})json";

constexpr std::string_view mail_sent =
    R"json({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}})json";

constexpr std::string_view mail_lookup = R"json({
  "type": "object", "required": ["key"], "additionalProperties": false,
  "properties": {"key": {"type": "string"}}})json";

constexpr std::string_view mail_found = R"json({
  "type": "object", "required": ["found"], "properties": {"found": {"type": "boolean"}, "result": {}}})json";

constexpr std::string_view log_write = R"json({
  "type": "object", "required": ["message"], "additionalProperties": false,
  "properties": {
    "level": {"enum": ["debug", "info", "warn", "error"]},
    "message": {"type": "string"},
    "fields": {"type": "object"}
  }})json";

constexpr std::string_view exec_run = R"json({
  "type": "object", "required": ["command"], "additionalProperties": false,
  "properties": {
    "command": {"type": "string"},
    "args": {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
    "stdin": {},
    "timeout": {"type": "string"}
  }})json";

constexpr std::string_view exec_ended = R"json({
  "type": "object", "required": ["code", "stdout", "stderr"],
  "properties": {
    "code": {"type": "integer"}, "stdout": {"type": "string"}, "stderr": {"type": "string"}
  }})json";

constexpr std::string_view anything = "{}";
constexpr std::string_view nothing = R"json({"type": "null"})json";

constexpr std::string_view model_predict =
    R"({"type":"object","required":["instructions","output_schema","input"],
  "additionalProperties":false,"properties":{"name":{"type":"string"},"version":{"type":"integer"},
  "instructions":{"type":"string"},"input_schema":{"type":"object"},"output_schema":{"type":"object"},"input":{},
  "adapter":{"type":"string"}}})";
constexpr std::string_view model_generate = R"json({
  "type": "object", "required": ["messages"],
  "properties": {"messages": {"type": "array", "minItems": 1, "items": {"type": "object"}},
                 "adapter": {"type": "string"}}})json";
constexpr std::string_view model_text = R"json({
  "type": "object", "required": ["text", "finish"],
  "properties": {"text": {"type": "string"}, "finish": {"type": "string"}}})json";
constexpr std::string_view model_embed = R"json({
  "type": "object", "required": ["inputs"],
  "properties": {"inputs": {"type": "array", "minItems": 1, "items": {"type": "string"}}}})json";
constexpr std::string_view model_vectors = R"json({
  "type": "object", "required": ["vectors"],
  "properties": {"vectors": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}}})json";

constexpr std::array actions{
    builtin_action{"http", "request", nullptr, http_request, http_response},
    builtin_action{"http", "get", nullptr, http_get, http_response},
    builtin_action{"http", "post", nullptr, http_post, http_response},
    builtin_action{"transform", "apply", apply, transform_apply, anything},
    builtin_action{"transform", "jq", run_jq, transform_jq, anything},
    builtin_action{"decision", "evaluate", evaluate_decision, decision_evaluate, decision_verdict},
    builtin_action{"mail", "send", nullptr, mail_send, mail_sent},
    builtin_action{"mail", "lookup", nullptr, mail_lookup, mail_found},
    builtin_action{"log", "write", nullptr, log_write, nothing},
    builtin_action{"exec", "run", nullptr, exec_run, exec_ended},
    builtin_action{"model", "predict", nullptr, model_predict, anything},
    builtin_action{"model", "generate", nullptr, model_generate, model_text},
    builtin_action{"model", "embed", nullptr, model_embed, model_vectors},
};

} // namespace

std::span<const builtin_action> builtin_actions() { return actions; }

const builtin_action* find_builtin(std::string_view agent, std::string_view action) {
  const auto found = std::find_if(actions.begin(), actions.end(), [&](const builtin_action& a) {
    return a.agent == agent && a.action == action;
  });
  return found == actions.end() ? nullptr : &*found;
}

bool is_builtin_agent(std::string_view agent) {
  return std::any_of(actions.begin(), actions.end(),
                     [&](const builtin_action& a) { return a.agent == agent; });
}

} // namespace troupe::workflow
