// The routes that OpenAI's clients know.
#include "gateway/api/routes.hpp"

#include "actors/models/native/native_provider.hpp"
#include "gateway/http/json_text.hpp"
#include "gateway/metrics/model_metrics.hpp"
#include "gateway/openai/agent_model.hpp"
#include "gateway/openai/held_reply.hpp"

#include <functional>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

using nlohmann::json;
namespace oai = openai;

namespace {

struct place {
  std::shared_ptr<models::native_service> service;
  std::string adapter;
};

checked<place> place_of(const route_context& context, const std::string& model) {
  static const models::native_services none;
  const auto& all = context.models ? *context.models : none;
  auto service = models::find_service(all, model);
  auto adapter = service ? service->adapter_of(model) : result<std::string>(fail(fault::not_found, ""));
  if (!adapter)
    return tl::unexpected(api_error{404, "model_not_found",
                                    "there is no model \"" + model + "\" on this node",
                                    "GET /v1/models lists them", "model"});
  return place{std::move(service), std::move(*adapter)};
}

oai::answer_head head_of(const route_context& context, const char* kind, const std::string& model,
                         bool stream_usage) {
  return {kind + context.draw_id(), to_ms(context.clock->now()) / 1000, model, stream_usage};
}

/// Choices differ by their seeds: the same seed gives the same choices again.
std::vector<kernels::text_request> choices_of(const oai::making& how, const place& where,
                                              const std::vector<kernels::token_id>& prompt,
                                              const std::string& id) {
  std::vector<kernels::text_request> all;
  const auto seed = how.seed ? static_cast<std::uint64_t>(*how.seed) : std::hash<std::string>()(id);
  for (std::int64_t i = 0; i < how.choices; ++i) {
    kernels::text_request one;
    one.prompt = prompt;
    one.adapter = where.adapter;
    one.how = how.how;
    one.how.seed = seed + static_cast<std::uint64_t>(i);
    one.less = how.less;
    one.stop = how.stop;
    one.end_tokens = where.service->model().turn_ends();
    if (how.tokens_max)
      one.tokens_max = static_cast<std::uint32_t>(*how.tokens_max);
    one.ignore_end = how.ignore_end;
    one.scored = how.scored;
    one.alternatives = how.alternatives;
    one.tenant = how.user;
    all.push_back(std::move(one));
  }
  return all;
}

/// An answer that comes after the connection gave up helps nobody; a stream has begun by then.
void limit_time(const route_context& context, bool stream, std::vector<kernels::text_request>& requests) {
  const auto until = context.clock->now() + context.limits.handler_time;
  if (!stream)
    for (auto& one : requests)
      one.deadline = std::chrono::duration_cast<kernels::serving_time>(until.time_since_epoch());
}

/// Says how long it took when it is over.
std::function<void()> timed(const route_context& context, const std::string& model) {
  return [metrics = context.metrics, clock = context.clock, model, begun = context.clock->now()] {
    record_inference(*metrics, model, "api", clock->now() - begun);
  };
}

void chat(const route_context& context, const http_request& request, responder done) {
  auto asked = oai::read_chat(request.body, context.limits);
  if (!asked)
    return done(oai::failure(asked.error()));
  const auto& how = asked->how;
  auto head = head_of(context, "chatcmpl-", how.model, how.stream_usage);
  if (how.model.starts_with(oai::agent_prefix) && !asked->format.empty())
    return done(oai::failure(bad_request("an agent cannot be held to a 'response_format'",
                                         "ask a model of this node, or leave it out", "response_format")));
  if (how.model.starts_with(oai::agent_prefix))
    return oai::ask_agent(context, head, *asked, request.correlation, std::move(done));
  const auto where = place_of(context, how.model);
  if (!where)
    return done(oai::failure(where.error()));
  const auto& model = where->service->model();
  const auto held = oai::form_of(model, *asked);
  if (!held)
    return done(oai::failure(held.error()));
  const auto tokens = model.tokens_of(asked->talk, models::local_time(context.clock->now()));
  if (!tokens)
    return done(oai::failure(bad_request(tokens.error().message, tokens.error().hint, "messages")));
  auto requests = choices_of(how, *where, *tokens, head.id);
  limit_time(context, how.stream, requests);
  if (const auto refused = oai::hold(*where->service, *held, requests))
    return done(oai::failure(*refused));
  for (auto& one : requests)
    one.show_special = asked->has_tools; // some mark their calls with tokens that are not shown otherwise
  oai::answer_with_texts(*where->service, std::move(requests), oai::chat_form(head, *asked, model),
                         how.stream, timed(context, how.model), std::move(done));
}

checked<std::vector<kernels::token_id>> tokens_of(const models::native_model& model,
                                                  const oai::prompt_body& given, const char* field) {
  if (const auto* tokens = std::get_if<std::vector<kernels::token_id>>(&given))
    return *tokens;
  auto tokens = model.tokens_of(std::get<std::string>(given));
  if (!tokens)
    return tl::unexpected(bad_request(tokens.error().message, tokens.error().hint, field));
  return std::move(*tokens);
}

void complete(const route_context& context, const http_request& request, responder done) {
  const auto asked = oai::read_completion(request.body, context.limits);
  if (!asked)
    return done(oai::failure(asked.error()));
  const auto& how = asked->how;
  const auto where = place_of(context, how.model);
  if (!where)
    return done(oai::failure(where.error()));
  const auto& model = where->service->model();
  const auto head = head_of(context, "cmpl-", how.model, how.stream_usage);
  std::vector<kernels::text_request> requests;
  std::vector<std::string> echoes;
  for (const auto& prompt : asked->prompts) {
    const auto tokens = tokens_of(model, prompt, "prompt");
    if (!tokens)
      return done(oai::failure(tokens.error()));
    for (auto& one : choices_of(how, *where, *tokens, head.id)) {
      one.goes_on = true;
      requests.push_back(std::move(one));
      const auto* text = std::get_if<std::string>(&prompt);
      echoes.push_back(!asked->echo ? "" : text ? *text : model.words().decode(*tokens, false));
    }
  }
  limit_time(context, how.stream, requests);
  oai::answer_with_texts(*where->service, std::move(requests),
                         oai::completion_form(head, *asked, std::move(echoes), model), how.stream,
                         timed(context, how.model), std::move(done));
}

void embed(const route_context& context, const http_request& request, responder done) {
  const auto asked = oai::read_embeddings(request.body, context.limits);
  if (!asked)
    return done(oai::failure(asked.error()));
  const auto where = place_of(context, asked->model);
  if (!where)
    return done(oai::failure(where.error()));
  const auto& model = where->service->model();
  const auto width = model.weights()->shape.width;
  if (asked->dimensions.value_or(width) != width)
    return done(oai::failure(
        bad_request("this model's vectors have " + std::to_string(width) + " dimensions, and no others", {},
                    "dimensions")));
  std::vector<kernels::text_request> requests;
  for (const auto& input : asked->inputs) {
    const auto tokens = tokens_of(model, input, "input");
    if (!tokens)
      return done(oai::failure(tokens.error()));
    kernels::text_request one;
    one.prompt = *tokens;
    one.adapter = where->adapter;
    one.embed = true;
    requests.push_back(std::move(one));
  }
  limit_time(context, false, requests);
  oai::answer_with_texts(*where->service, std::move(requests),
                         oai::embedding_form(asked->model, asked->base64), false,
                         timed(context, asked->model), std::move(done));
}

json model_of(const std::string& id, instant since, const char* owner) {
  return {{"id", id}, {"object", "model"}, {"created", to_ms(since) / 1000}, {"owned_by", owner}};
}

json all_models(const route_context& context) {
  auto list = json::array();
  if (context.models)
    for (const auto& [name, service] : *context.models) {
      list.push_back(model_of(name, service->started(), "troupe"));
      for (const auto& adapter : service->server().adapters())
        list.push_back(model_of(name + "+" + adapter.name, service->started(), "troupe"));
    }
  for (const auto& kind : oai::talking_kinds(context))
    list.push_back(model_of(std::string(oai::agent_prefix) + kind, from_ms(0), "troupe"));
  return list;
}

http_response with_body(const json& body) {
  http_response response;
  response.body = json_text(body);
  return response;
}

void list_models(const route_context& context, const http_request&, const responder& done) {
  done(with_body({{"object", "list"}, {"data", all_models(context)}}));
}

void show_model(const route_context& context, const http_request& request, const responder& done) {
  const auto& id = request.param("id");
  for (const auto& one : all_models(context))
    if (one["id"] == id)
      return done(with_body(one));
  done(oai::failure(api_error{404, "model_not_found", "there is no model \"" + id + "\" on this node",
                              "GET /v1/models lists them", "model"}));
}

std::vector<route_response> answers(const char* about, const char* schema) {
  return {{200, about, schema},
          {400, "The request is wrong: `param` names where.", "openai_error"},
          {404, "No such model.", "openai_error"},
          {429, "Too many wait; see Retry-After.", "openai_error"}};
}

} // namespace

void add_openai_routes(route_table& table, const route_context& context) {
  table.add_schema("openai_error", R"({"type":"object","required":["error"],"properties":{"error":{
    "type":"object","properties":{"message":{"type":"string"},"type":{"type":"string"},
    "param":{"type":["string","null"]},"code":{"type":["string","null"]},"hint":{"type":"string"}}}}})");
  for (const auto* name : {"chat_completion_request", "completion_request", "embeddings_request",
                           "chat_completion", "completion", "embeddings", "model_list", "model"})
    table.add_schema(name, R"({"type":"object","description":"as OpenAI documents it; see docs/models.md"})");
  const auto by = [&context](auto* verb) {
    return [context, verb](const http_request& request, responder done) {
      verb(context, request, std::move(done));
    };
  };
  table.add({http_method::post,
             "/v1/chat/completions",
             "create_chat_completion",
             "models",
             "The next message of a conversation; server-sent events with `stream`.",
             {},
             "chat_completion_request",
             answers("The message.", "chat_completion"),
             by(chat)});
  table.add({http_method::post,
             "/v1/completions",
             "create_completion",
             "models",
             "How a text goes on; server-sent events with `stream`.",
             {},
             "completion_request",
             answers("The text.", "completion"),
             by(complete)});
  table.add({http_method::post,
             "/v1/embeddings",
             "create_embeddings",
             "models",
             "A vector of unit length for each text: the mean of its hidden states.",
             {},
             "embeddings_request",
             answers("The vectors.", "embeddings"),
             by(embed)});
  table.add({http_method::get,
             "/v1/models",
             "list_models",
             "models",
             "Models of this node, their adapters (MODEL+ADAPTER) and agents that talk (agent/KIND).",
             {},
             "",
             {{200, "The list.", "model_list"}},
             [context](const http_request& request, const responder& done) {
               list_models(context, request, done);
             }});
  table.add({http_method::get,
             "/v1/models/{id}",
             "show_model",
             "models",
             "One of them.",
             {{"id", parameter_place::path, "its id, percent-encoded (a slash is %2F)"}},
             "",
             {{200, "The model.", "model"}, {404, "No such model.", "openai_error"}},
             [context](const http_request& request, const responder& done) {
               show_model(context, request, done);
             }});
}

} // namespace troupe::gateway
