#include "gateway/api/routes.hpp"

#include <array>

namespace troupe::gateway {

namespace {

struct schema_row {
  const char* name;
  const char* text;
};

constexpr std::array<schema_row, 39> schemas{{
    {"error", R"({"type":"object","required":["error"],"properties":{"error":{"type":"object",
      "required":["code","message","hint"],"properties":{"code":{"type":"string"},"message":{"type":"string"},
      "hint":{"type":"string"},"field":{"type":"string"},"agent":{"type":"string"}}},
      "id":{"type":"string","description":"the message, when an agent failed on it"}}})"},
    {"empty", R"({"type":"object","additionalProperties":false})"},
    {"message", R"({"type":"object","required":["type"],"additionalProperties":false,"properties":{
      "type":{"type":"string","description":"the handler","maxLength":128},
      "body":{"description":"any JSON; absent is null"}}})"},
    {"accepted", R"({"type":"object","required":["id","state"],"properties":{"id":{"type":"string"},
      "state":{"const":"submitted"}}})"},
    {"reply",
     R"({"type":"object","required":["id","reply"],"properties":{"id":{"type":"string"},"reply":{}}})"},
    {"stop", R"({"type":"object","additionalProperties":false,"properties":{
      "reason":{"type":"string","maxLength":1024}}})"},
    {"restart", R"({"type":"object","additionalProperties":false,"properties":{
      "mode":{"enum":["plain","reset","task_retry","task_abandon"],"default":"plain"}}})"},
    {"wait", R"({"type":"object","properties":{"what":{"type":"string"},"on":{"type":"string"},
      "task":{"type":"string"},"effect":{"type":"string"},"since":{"type":["string","null"],"format":"date-time"},
      "until":{"type":["string","null"],"format":"date-time"},"next":{"type":"string"}}})"},
    {"task", R"({"type":"object","properties":{"id":{"type":"string"},"type":{"type":"string"},
      "from":{"type":"string"},"trace":{"type":"string"},"begun":{"type":["string","null"],"format":"date-time"},
      "turns":{"type":"integer"},"effects":{"type":"integer"},
      "waits":{"type":"array","items":{"$ref":"#/components/schemas/wait"}}}})"},
    {"agent", R"({"type":"object","properties":{"id":{"type":"string"},"tenant":{"type":"string"},
      "kind":{"type":"string"},"key":{"type":"string"},"state":{"type":"string"},"reason":{"type":"string"},
      "node":{"type":["string","null"]},
      "birth":{"type":"integer"},"epoch":{"type":"integer"},"mailbox_depth":{"type":"integer"},
      "turns":{"type":"integer"},"restarts":{"type":"integer"},
      "next_due":{"type":["string","null"],"format":"date-time"},
      "tasks":{"type":"array","items":{"$ref":"#/components/schemas/task"}},
      "state_documents":{"type":"array","items":{"type":"object","properties":{"key":{"type":"string"},
      "schema":{"type":"integer"},"body":{}}}},"why":{"type":"array","items":{"type":"string"}}}})"},
    {"mail", R"({"type":"object","properties":{"id":{"type":"string"},"from":{"type":"string"},
      "type":{"type":"string"},"kind":{"type":"string"},"number":{"type":"integer"},
      "sent":{"type":["string","null"],"format":"date-time"},"bytes":{"type":"integer"}}})"},
    {"event",
     R"({"type":"object","properties":{"number":{"type":"integer"},"kind":{"type":"string"},"detail":{},
      "trace":{"type":"string"},"at":{"type":["string","null"],"format":"date-time"}}})"},
    {"dead_letter", R"({"type":"object","properties":{"id":{"type":"string"},"reason":{"type":"string"},
      "note":{"type":"string"},"to":{"type":["string","null"]},"from":{"type":["string","null"]},
      "at":{"type":["string","null"],"format":"date-time"},"replayed":{"type":"boolean"},
      "message":{"type":["object","null"],"properties":{"id":{"type":"string"},"kind":{"type":"string"},
      "type":{"type":"string"},"sent":{"type":["string","null"],"format":"date-time"},"trace":{"type":"string"},
      "body":{"description":"only when one letter is asked for"}}}}})"},
    {"node", R"({"type":"object","properties":{"id":{"type":"string"},"state":{"type":"string"},
      "reason":{"type":"string"},"epoch":{"type":"integer"},"started":{"type":["string","null"],"format":"date-time"},
      "active_agents":{"type":"integer"},"turns":{"type":"integer"},"commits":{"type":"integer"},
      "effects_repeated":{"type":"integer"},"ephemeral_dropped":{"type":"integer"},"crashes":{"type":"integer"},
      "messages":{"type":"object","description":"sent = applied + skipped + pending + dead_lettered",
      "additionalProperties":{"type":"integer"}},"kinds":{"type":"array","items":{"type":"object"}}}})"},
    {"migrate", R"({"type":"object","required":["to"],"additionalProperties":false,"properties":{
      "to":{"type":"string","description":"the node's name"}}})"},
    {"move", R"({"type":"object","properties":{"agent":{"type":"string"},"from":{"type":"string"},
      "to":{"type":"string"},"phases":{"type":"array","items":{"type":"object","properties":{
      "name":{"type":"string"},"ms":{"type":"number"}}}},
      "paused_ms":{"type":"number","description":"no turn ran that long"},"epoch":{"type":"integer"}}})"},
    {"node_order", R"({"type":"object","properties":{"node":{"type":"string"},"state":{"type":"string"},
      "moved":{"type":"integer"},"left":{"type":"array","description":"who could not be moved","items":{
      "type":"object","properties":{"agent":{"type":"string"},"reason":{"type":"string"}}}}}})"},
    {"workflow", R"({"type":"object","properties":{"name":{"type":"string"},"version":{"type":"integer"},
      "hash":{"type":"string"},"description":{"type":"string"},"labels":{"type":"object"},
      "definition":{"type":"object","description":"only when one workflow is asked for"},
      "graph":{"type":"object","description":"what is drawn, box in box; only when one workflow is asked for"}}})"},
    {"run_start", R"({"type":"object","additionalProperties":false,"properties":{
      "input":{"type":"object","description":"what the workflow's schema takes"},
      "event":{"description":"what triggered it"}}})"},
    {"run_ended", R"({"type":"object","required":["id","state"],"properties":{"id":{"type":"string"},
      "state":{"enum":["completed","failed","canceled"]},"output":{},"error":{"type":"object"}}})"},
    {"run_cancel",
     R"({"type":"object","additionalProperties":false,"properties":{"reason":{"type":"string"}}})"},
    {"run_retry", R"({"type":"object","additionalProperties":false,"properties":{
      "path":{"type":"string","description":"the stuck step; absent: all"},
      "new_key":{"type":"boolean","description":"under new idempotency keys"}}})"},
    {"run_signal", R"({"type":"object","required":["name"],"additionalProperties":false,"properties":{
      "name":{"type":"string"},"correlation":{"type":"string"},"body":{},
      "id":{"type":"string","description":"the same one again is the same signal"}}})"},
    {"run_steered", R"({"type":"object","properties":{"id":{"type":"string"}}})"},
    {"step", R"({"type":"object","properties":{"path":{"type":"string"},"id":{"type":"string"},
      "verb":{"type":"string"},"state":{"type":"string"},"attempts":{"type":"integer"},"stuck":{"type":"boolean"},
      "started":{"type":["string","null"],"format":"date-time"},"ended":{"type":["string","null"],"format":"date-time"},
      "result":{},"error":{"type":["object","null"]}}})"},
    {"approval", R"({"type":"object","properties":{"id":{"type":"string"},"run":{"type":"string"},
      "workflow":{"type":"string"},"path":{"type":"string"},"state":{"type":"string"},"title":{},"show":{},"edit":{},
      "by":{"type":"object"},"votes":{"type":"array"},"opened":{"type":["string","null"],"format":"date-time"},
      "ended":{"type":["string","null"],"format":"date-time"},"deadline":{"type":"string","format":"date-time"},
      "revision":{"type":"integer","description":"changes with what is to be decided"},"edited":{},
      "reminded":{"type":"integer"},"escalated":{"type":"string"},"decision":{"type":"string"},
      "decided_by":{"type":"string"},"decided_at":{"type":"string"},"note":{"type":"string"},
      "diff":{"type":"array"}}})"},
    {"decision", R"({"type":"object","required":["decision"],"additionalProperties":false,"properties":{
      "decision":{"enum":["approved","rejected"]},"note":{"type":"string"},"by":{"type":"string"},
      "edit":{"description":"instead of what the approval offers to edit"},
      "revision":{"type":"integer","description":"of the approval that was looked at: another one now is a conflict"}}})"},
    {"link_wanted", R"({"type":"object","required":["by"],"additionalProperties":false,"properties":{
      "by":{"type":"string","description":"who decides by it"},"decision":{"enum":["approved","rejected"]},
      "expires_in":{"type":"string","description":"a span up to 30 days; else 2d"}}})"},
    {"link", R"({"type":"object","required":["url","token","expires"],"properties":{"url":{"type":"string"},
      "token":{"type":"string"},"id":{"type":"string"},"by":{"type":"string"},
      "expires":{"type":"string","format":"date-time"}}})"},
    {"link_decision", R"({"type":"object","additionalProperties":false,"properties":{
      "decision":{"enum":["approved","rejected"]},"note":{"type":"string"},"edit":{}}})"},
    {"schedule", R"({"type":"object","properties":{"schedule":{"type":"string","description":"WORKFLOW/NAME"},
      "workflow":{"type":"string"},"name":{"type":"string"},"state":{"enum":["active","paused","stuck","removed"]},
      "reason":{"type":"string"},"cron":{"type":"string"},"timezone":{"type":"string"},"every":{"type":"string"},
      "overlap":{"type":"string"},"jitter":{"type":"string"},"catchup":{"type":"string"},
      "next":{"type":["string","null"],"format":"date-time"},"last":{"type":["object","null"]},
      "started":{"type":"integer"},"skipped":{"type":"integer"},"open":{"type":"integer"},
      "waiting":{"type":"integer"},"open_runs":{"type":"array","items":{"type":"object"}},
      "waiting_runs":{"type":"array","items":{"type":"object"}},"settled":{"type":["string","null"]}}})"},
    {"schedule_steered",
     R"({"type":"object","properties":{"schedule":{"type":"string"},"run":{"type":"string"},
      "instants":{"type":"integer"}}})"},
    {"backfill", R"({"type":"object","required":["from","to"],"additionalProperties":false,"properties":{
      "from":{"type":"string","format":"date-time"},"to":{"type":"string","format":"date-time"}}})"},
    {"reloaded", R"({"type":"object","properties":{"added":{"type":"array","items":{"type":"string"}},
      "changed":{"type":"array","items":{"type":"string"}},
      "removed":{"type":"array","items":{"type":"string"}}}})"},
    {"decided", R"({"type":"object","properties":{"id":{"type":"string"},"run":{"type":"string"}}})"},
    {"run", R"({"type":"object","properties":{"id":{"type":"string"},"workflow":{"type":"string"},
      "version":{"type":["integer","null"]},"definition":{"type":"string"},"state":{"type":"string"},
      "reason":{"type":"string"},"phase":{"type":"string"},"paused":{"type":"boolean"},"input":{},"output":{},
      "error":{"type":["object","null"]},"steps":{"type":"array","items":{"$ref":"#/components/schemas/step"}},
      "approvals":{"type":"array","items":{"$ref":"#/components/schemas/approval"}},"vars":{"type":"object"},
      "started":{"type":["string","null"],"format":"date-time"},"ended":{"type":["string","null"],"format":"date-time"},
      "started_by":{"type":"string"},"tokens":{"type":"integer"},"micro_usd":{"type":"integer"},
      "trace":{"type":"string"}}})"},
    {"run_line", R"({"type":"object","properties":{"id":{"type":"string"},"workflow":{"type":"string"},
      "state":{"type":"string"},"reason":{"type":"string"},"phase":{"type":"string"},"paused":{"type":"boolean"},
      "stuck":{"type":"boolean"},"started":{"type":["string","null"]},"ended":{"type":["string","null"]},
      "updated":{"type":["string","null"]},"started_by":{"type":"string"},"search":{"type":"object"}}})"},
    {"status", R"({"type":"object","required":["status"],"properties":{"status":{"type":"string"}}})"},
    {"health",
     R"({"type":"object","properties":{"status":{"enum":["ok","unavailable"]},"ready":{"type":"boolean"},
      "reason":{"type":"string"},"version":{"type":"string"},"node":{"$ref":"#/components/schemas/node"}}})"},
}};

constexpr std::array<const char*, 9> listed{"agent", "mail",     "event",    "dead_letter", "node",
                                            "run",   "workflow", "approval", "schedule"};

std::string list_schema(const std::string& item) {
  return R"({"type":"object","required":["items","next_cursor","complete"],"properties":{"items":{"type":"array",
    "items":{"$ref":"#/components/schemas/)" +
         item + R"("}},"next_cursor":{"type":["string","null"]},"complete":{"type":"boolean"}}})";
}

} // namespace

void add_schemas(route_table& table) {
  for (const auto& schema : schemas)
    table.add_schema(schema.name, schema.text);
  for (const auto* item : listed)
    table.add_schema(std::string(item) + "_list",
                     list_schema(std::string_view(item) == "run" ? "run_line" : item));
}

} // namespace troupe::gateway
