#include "gateway/api/run_messages.hpp"

#include "gateway/api/messages.hpp"
#include "gateway/api/render.hpp"
#include "gateway/http/body_reader.hpp"
#include "gateway/http/query_reader.hpp"
#include "workflows/plan/schema.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

constexpr milliseconds steering_wait{10'000}; // a run answers in its next turn

struct kind_fault {
  std::string_view kind;
  fault what;
};
constexpr std::array<kind_fault, 6> faults{{{"invalid", fault::invalid},
                                            {"not found", fault::not_found},
                                            {"not_found", fault::not_found},
                                            {"conflict", fault::conflict},
                                            {"refused", fault::refused},
                                            {"unavailable", fault::unavailable}}};

error error_of(const outcome& failed) {
  for (const auto& known : faults)
    if (known.kind == failed.kind)
      return {known.what, failed.message, {}};
  return {fault::internal, failed.kind + ": " + failed.message, {}};
}

std::optional<api_error> misfit(const workflow::plan& plan, const std::string& input) {
  if (!plan.input)
    return std::nullopt;
  const auto wrong = plan.input->check(text_json(input));
  if (wrong.empty())
    return std::nullopt;
  return api_error{400, "invalid",
                   "the input does not fit workflow \"" + plan.name + "\": " + wrong.front().message,
                   "GET /v1/workflows/" + plan.name + " shows what it takes", "input" + wrong.front().path};
}

} // namespace

checked<agent_id> run_agent_id(const std::string& run) {
  auto id = agent_id::make("default", "workflow", run);
  if (id)
    return *id;
  auto problem = to_api_error(id.error());
  problem.field = "id";
  return tl::unexpected(std::move(problem));
}

checked<inject_request> read_run_start(const http_request& request, const workflow::deployed_catalog& known,
                                       const http_limits& limits) {
  const auto& name = request.param("name");
  const auto found = known.find_workflow(name);
  if (!found)
    return tl::unexpected(api_error{404, "not_found", "there is no workflow \"" + name + "\" on this node",
                                    "GET /v1/workflows lists them", "name"});
  inject_request out;
  query_reader query(request.query);
  out.wait = query.seconds("wait", limits.wait_max);
  if (auto problem = query.finish())
    return tl::unexpected(std::move(*problem));
  body_reader body(request.body, limits);
  auto input = body.value("input");
  const auto event = body.value("event");
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  if (input == "null")
    input = "{}";
  if (auto problem = misfit(*found->made, input))
    return tl::unexpected(std::move(*problem));
  auto key = read_idempotency_key(request);
  if (!key)
    return tl::unexpected(key.error());
  auto about = agent_id::make("default", "workflow.start", name);
  if (!about)
    return tl::unexpected(to_api_error(about.error()));
  out.to = std::move(*about);
  out.creates = "workflow";
  out.type = "start";
  out.body = "{\"workflow\":" + json(name).dump() + ",\"input\":" + input + ",\"event\":" + event + "}";
  out.idempotency_key = std::move(*key);
  out.trace = request.correlation;
  return out;
}

http_response run_started(const inject_answer& answered) {
  http_response response;
  if (!answered.reply)
    response = accepted(json{{"id", answered.id}, {"state", "submitted"}});
  else if (answered.reply->ok)
    response =
        ok(json{{"id", answered.id}, {"state", "completed"}, {"output", text_json(answered.reply->body)}});
  else
    response = ok(json{{"id", answered.id},
                       {"state", answered.reply->kind == "canceled" ? "canceled" : "failed"},
                       {"error", {{"kind", answered.reply->kind}, {"message", answered.reply->message}}}});
  if (!answered.trace.empty())
    response.headers.emplace_back("X-Correlation-Id", answered.trace);
  if (answered.repeated)
    response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

namespace {

error no_run(const std::string& id) {
  return {fault::not_found, "there is no run " + id, "GET /v1/runs lists them"};
}

result<json> view_in(const agent_view& agent, const std::string& id) {
  for (const auto& document : agent.state_documents)
    if (document.key == "state")
      if (auto run = text_json(document.body); run.is_object() && run.value("state", "none") != "none")
        return run;
  return tl::unexpected(no_run(id));
}

/// A run is there once its start is acknowledged, though nobody may have taken it from the outbox yet.
json submitted(const std::string& id) {
  return json{{"id", id},        {"state", "submitted"},   {"reason", "its start is on its way"},
              {"paused", false}, {"steps", json::array()}, {"approvals", json::array()}};
}

} // namespace

void look_at_run(node_api& node, const std::string& run, std::function<void(result<json>)> done) {
  auto id = run_agent_id(run);
  if (!id)
    return done(tl::unexpected(no_run(run)));
  node.inspect(*id, [&node, id = *id, run, done = std::move(done)](result<agent_view> found) mutable {
    auto view = found ? view_in(*found, run) : result<json>(tl::unexpected(found.error()));
    if (view || view.error().what != fault::not_found)
      return done(std::move(view));
    node.mailbox(id, 1, [run, done = std::move(done)](result<journal::page<mail_view>> waiting) {
      if (!waiting)
        return done(tl::unexpected(waiting.error()));
      if (waiting->items.empty())
        return done(tl::unexpected(no_run(run)));
      done(submitted(run));
    });
  });
}

void steer_agent(node_api& node, agent_id to, steering what, std::function<void(result<json>)> done) {
  inject_request wanted;
  wanted.to = std::move(to);
  wanted.type = std::move(what.verb);
  wanted.body = std::move(what.body);
  wanted.trace = std::move(what.trace);
  wanted.idempotency_key = std::move(what.idempotency_key);
  wanted.wait = steering_wait;
  node.inject(std::move(wanted), [done = std::move(done)](result<inject_answer> answered) {
    if (!answered)
      return done(tl::unexpected(answered.error()));
    if (!answered->reply)
      return done(json{{"message", answered->id}});
    if (!answered->reply->ok)
      return done(tl::unexpected(error_of(*answered->reply)));
    done(text_json(answered->reply->body));
  });
}

void steer_run(node_api& node, const std::string& run, steering what,
               std::function<void(result<json>)> done) {
  look_at_run(node, run,
              [&node, run, what = std::move(what), done = std::move(done)](result<json> found) mutable {
                if (!found)
                  return done(std::move(found));
                steer_agent(node, *run_agent_id(run), std::move(what), std::move(done));
              });
}

} // namespace troupe::gateway
