#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/page_query.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/http/body_reader.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {
namespace {

constexpr std::size_t node_name_max = 128;

struct order_row {
  const char* name;
  node_order what;
  const char* about;
};
constexpr order_row orders[] = {
    {"cordon", node_order::cordon, "Let a node keep its agents and take no new ones."},
    {"uncordon", node_order::uncordon, "Let a node take agents again."},
    {"drain", node_order::drain, "Move every active agent off a node; it takes no new ones."},
    {"leave", node_order::leave, "Drain a node and end it, if nobody is left on it."}};

void order_node(const route_context& context, node_order what, const http_request& request, responder done) {
  query_reader query(request.query);
  body_reader body(request.body, context.limits);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  if (auto problem = body.finish())
    return done(error_response(*problem));
  context.node.order_node(request.param("id"), what,
                          answering<node_order_report>(
                              std::move(done), [](const node_order_report& r) { return ok(to_json(r)); }));
}

void migrate(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  body_reader body(request.body, context.limits);
  auto to = body.required_text("to", node_name_max);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  if (auto problem = body.finish())
    return done(error_response(*problem));
  auto id = addressed_agent(request);
  if (!id)
    return done(error_response(id.error()));
  context.node.migrate(
      std::move(*id), std::move(to),
      answering<move_report>(std::move(done), [](const move_report& r) { return ok(to_json(r)); }));
}

void add_orders(route_table& table, const route_context& context) {
  for (const auto& order : orders)
    table.add({http_method::post,
               std::string("/v1/nodes/{id}/") + order.name,
               std::string(order.name) + "_node",
               "cluster",
               order.about,
               {{"id", parameter_place::path, "the node's name"}},
               "empty",
               {{200, "What came of it.", "node_order"}, {404, "No node has that name.", "error"}},
               [context, what = order.what](const http_request& request, responder done) {
                 order_node(context, what, request, std::move(done));
               }});
  table.add({http_method::post,
             "/v1/agents/{kind}/{key}/migrate",
             "migrate_agent",
             "cluster",
             "Move an agent to another node while it works.",
             agent_parameters(),
             "migrate",
             {{200, "It is there now.", "move"}, {404, "Nobody has created it, or no such node.", "error"}},
             [context](const http_request& request, responder done) {
               migrate(context, request, std::move(done));
             }});
}

} // namespace

void add_node_routes(route_table& table, const route_context& context) {
  table.add({http_method::get,
             "/v1/nodes",
             "list_nodes",
             "cluster",
             "The nodes of this system.",
             {},
             "",
             {{200, "All nodes.", "node_list"}},
             [&node = context.node](const http_request& request, responder done) {
               query_reader query(request.query);
               if (auto problem = query.finish())
                 return done(error_response(*problem));
               node.nodes(answering<std::vector<node_view>>(std::move(done),
                                                            [](const std::vector<node_view>& views) {
                                                              auto items = json::array();
                                                              for (const auto& view : views)
                                                                items.push_back(to_json(view));
                                                              return page_response(std::move(items), {});
                                                            }));
             }});
  add_orders(table, context);
}

} // namespace troupe::gateway
