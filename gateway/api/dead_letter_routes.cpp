#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/page_query.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/http/body_reader.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

using letters = journal::page<journal::stored_dead_letter>;

http_response render_letters(const letters& page) {
  auto items = json::array();
  for (const auto& letter : page.items)
    items.push_back(to_json(letter, false));
  return page_response(std::move(items), page.next_cursor);
}

void list_letters(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  auto page = read_page(query);
  if (!page)
    return done(error_response(page.error()));
  context.node.dead_letters(std::move(page->cursor), page->limit,
                            answering<letters>(std::move(done), render_letters));
}

void show_letter(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  context.node.dead_letter(request.param("id"),
                           answering<journal::stored_dead_letter>(std::move(done), [](const auto& letter) {
                             return ok(to_json(letter, true));
                           }));
}

void replay_letter(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  body_reader body(request.body, context.limits);
  if (auto problem = body.finish())
    return done(error_response(*problem));
  context.node.replay_dead_letter(request.param("id"),
                                  answering<inject_answer>(std::move(done), message_response));
}

} // namespace

void add_dead_letter_routes(route_table& table, const route_context& context) {
  const auto through = [&context](auto* verb) {
    return [context, verb](const http_request& request, responder done) {
      verb(context, request, std::move(done));
    };
  };
  const route_parameter id{"id", parameter_place::path, "the dead letter's id"};
  table.add({http_method::get,
             "/v1/dead-letters",
             "list_dead_letters",
             "dead letters",
             "Messages that could not be applied, each with its reason.",
             page_parameters(),
             "",
             {{200, "One page of dead letters.", "dead_letter_list"}},
             through(list_letters)});
  table.add({http_method::get,
             "/v1/dead-letters/{id}",
             "show_dead_letter",
             "dead letters",
             "One dead letter with its whole message.",
             {id},
             "",
             {{200, "The dead letter.", "dead_letter"}, {404, "No such dead letter.", "error"}},
             through(show_letter)});
  table.add({http_method::post,
             "/v1/dead-letters/{id}/replay",
             "replay_dead_letter",
             "dead letters",
             "Send it again as a new message from the operator.",
             {id},
             "empty",
             {{202, "The new message is durable.", "accepted"}, {404, "No such dead letter.", "error"}},
             through(replay_letter)});
}

} // namespace troupe::gateway
