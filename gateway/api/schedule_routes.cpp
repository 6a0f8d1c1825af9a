#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/page_query.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/api/run_messages.hpp"
#include "gateway/api/steering_routes.hpp"
#include "gateway/http/body_reader.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

using lines = journal::page<journal::stored_listing>;

http_response render_schedules(const lines& page) {
  auto items = json::array();
  for (const auto& line : page.items)
    items.push_back(text_json(line.what.detail));
  return page_response(std::move(items), page.next_cursor);
}

void list_schedules(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  journal::listing_query wanted;
  wanted.category = "schedule";
  wanted.open = true;
  wanted.state = query.text("state", name_bytes_max);
  wanted.name = query.text("workflow", name_bytes_max);
  auto page = read_page(query);
  if (!page)
    return done(error_response(page.error()));
  wanted.cursor = std::move(page->cursor);
  wanted.limit = page->limit;
  context.node.listings(std::move(wanted), answering<lines>(std::move(done), render_schedules));
}

error no_schedule(const std::string& key) {
  return {fault::not_found, "there is no schedule " + key, "troupe workflow schedule list"};
}

/// One that was never deployed must not come into being by being asked for.
void look_at_schedule(node_api& node, const http_request& request,
                      std::function<void(result<json>, agent_id)> done) {
  const auto key = request.param("workflow") + '/' + request.param("name");
  auto id = agent_id::make("default", "workflow.schedule", key);
  if (!id)
    return done(tl::unexpected(no_schedule(key)), {});
  node.inspect(*id, [id = *id, key, done = std::move(done)](result<agent_view> found) {
    if (!found)
      return done(tl::unexpected(found.error().what == fault::not_found ? no_schedule(key) : found.error()),
                  id);
    for (const auto& document : found->state_documents)
      if (document.key == "state")
        return done(text_json(document.body), id);
    done(tl::unexpected(no_schedule(key)), id);
  });
}

void show_schedule(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  look_at_schedule(context.node, request, [done = std::move(done)](result<json> found, const agent_id&) {
    done(found ? ok(*found) : error_response(found.error()));
  });
}

checked<std::string> read_schedule_steering(const http_request& request, const http_limits& limits,
                                            const std::string& verb) {
  body_reader body(request.body, limits);
  auto made = json::object();
  if (verb == "backfill")
    for (const auto* name : {"from", "to"})
      made[name] = body.required_text(name, name_bytes_max);
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  return made.dump();
}

void steer_schedule(node_api& node, const http_request& request, steering what,
                    std::function<void(result<json>)> done) {
  look_at_schedule(node, request,
                   [&node, what = std::move(what), done = std::move(done)](result<json> found,
                                                                           const agent_id& id) mutable {
                     if (!found)
                       return done(std::move(found));
                     steer_agent(node, id, std::move(what), std::move(done));
                   });
}

std::vector<route_parameter> schedule_parameters() {
  return {{"workflow", parameter_place::path, "the workflow"},
          {"name", parameter_place::path, "the schedule's name, or its number in the file"}};
}

constexpr steering_verb schedule_verbs[] = {
    {"pause", "Start no runs until resume.", "empty"},
    {"resume", "Start runs again; what came in between is not made up for.", "empty"},
    {"trigger", "Start a run now.", "empty"},
    {"backfill", "Start the runs of past instants that have not run.", "backfill"},
};

void add_steering(route_table& table, const route_context& context) {
  const steering_target schedules{"/v1/schedules/{workflow}/{name}",
                                  "schedule",
                                  schedule_parameters(),
                                  {{202, "The schedule has taken it.", "schedule_steered"},
                                   {400, "These are no instants, or too many.", "error"},
                                   {404, "No such schedule.", "error"}}};
  add_steering_routes(table, context, schedules, schedule_verbs, read_schedule_steering,
                      [&node = context.node](const http_request& request, steering what,
                                             std::function<void(result<json>)> done) {
                        steer_schedule(node, request, std::move(what), std::move(done));
                      });
}

} // namespace

void add_schedule_routes(route_table& table, const route_context& context) {
  table.add({http_method::get,
             "/v1/schedules",
             "list_schedules",
             "schedules",
             "The schedules of the deployed workflows.",
             joined({{"workflow", parameter_place::query, "only those of this workflow"},
                     {"state", parameter_place::query, "active, paused or stuck"}},
                    page_parameters()),
             "",
             {{200, "One page of schedules.", "schedule_list"}},
             [context](const http_request& request, responder done) {
               list_schedules(context, request, std::move(done));
             }});
  table.add({http_method::get,
             "/v1/schedules/{workflow}/{name}",
             "show_schedule",
             "schedules",
             "One schedule, with its runs that are open.",
             schedule_parameters(),
             "",
             {{200, "The schedule.", "schedule"}, {404, "No such schedule.", "error"}},
             [context](const http_request& request, responder done) {
               show_schedule(context, request, std::move(done));
             }});
  add_steering(table, context);
}

} // namespace troupe::gateway
