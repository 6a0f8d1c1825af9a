#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/routes.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

std::vector<route_parameter> message_parameters() {
  return agent_parameters({
      {"wait", parameter_place::query, "seconds to wait for the reply, also with a fraction",
       R"({"type":"number","minimum":0,"maximum":300,"default":0})"},
      {"Idempotency-Key", parameter_place::header,
       "the same key and body again within 24 hours is the same message; with another body it is a conflict"},
  });
}

std::vector<route_response> message_responses() {
  return {{200, "The agent's reply.", "reply"},
          {202, "Durable; not replied to yet, or not waited for.", "accepted"},
          {409, "The key stands for another body, or the call was canceled.", "error"},
          {429, "The agent's mailbox is full; see Retry-After.", "error"},
          {502, "The agent failed.", "error"},
          {503, "The node cannot take messages now; see Retry-After.", "error"}};
}

} // namespace

void add_message_routes(route_table& table, const route_context& context) {
  table.add({http_method::post, "/v1/agents/{kind}/{key}/messages", "send_message", "agents",
             "Send a durable message to an agent.", message_parameters(), "message", message_responses(),
             [&node = context.node, &limits = context.limits](const http_request& request, responder done) {
               auto message = read_message(request, limits);
               if (!message)
                 return done(error_response(message.error()));
               node.inject(std::move(*message), answering<inject_answer>(std::move(done), message_response));
             }});
}

} // namespace troupe::gateway
