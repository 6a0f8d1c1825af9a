#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/page_query.hpp"
#include "gateway/api/routes.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

constexpr std::array<agent_state, 10> agent_states{
    agent_state::unplaced, agent_state::placing, agent_state::starting,  agent_state::idle,
    agent_state::busy,     agent_state::waiting, agent_state::migrating, agent_state::passive,
    agent_state::failed,   agent_state::stopped};

std::string known_states() {
  std::string out;
  for (auto state : agent_states)
    out += (out.empty() ? "" : ", ") + std::string(to_string(state));
  return out;
}

json state_enum() {
  auto names = json::array();
  for (auto state : agent_states)
    names.push_back(to_string(state));
  return {{"type", "string"}, {"enum", std::move(names)}};
}

checked<std::optional<agent_state>> state_named(const std::string& name) {
  if (name.empty())
    return std::nullopt;
  for (auto state : agent_states)
    if (to_string(state) == name)
      return state;
  return tl::unexpected(
      bad_request("no state is called \"" + name + "\"", "one of " + known_states(), "state"));
}

checked<agent_query> read_agent_query(const http_request& request) {
  query_reader query(request.query);
  agent_query out;
  out.prefix = query.text("prefix", limits::agent_id_bytes_max);
  const auto state = query.text("state", limits::agent_id_bytes_max);
  auto page = read_page(query);
  if (!page)
    return tl::unexpected(page.error());
  auto wanted = state_named(state);
  if (!wanted)
    return tl::unexpected(wanted.error());
  out.state = *wanted;
  out.cursor = std::move(page->cursor);
  out.limit = page->limit;
  return out;
}

template<class T>
http_response render_page(const journal::page<T>& page) {
  auto items = json::array();
  for (const auto& item : page.items)
    items.push_back(to_json(item));
  return page_response(std::move(items), page.next_cursor);
}

void list_agents(node_api& node, const http_request& request, responder done) {
  auto query = read_agent_query(request);
  if (!query)
    return done(error_response(query.error()));
  node.list(std::move(*query),
            answering<journal::page<agent_view>>(std::move(done), render_page<agent_view>));
}

void show_agent(node_api& node, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  auto id = addressed_agent(request);
  if (!id)
    return done(error_response(id.error()));
  node.inspect(std::move(*id), answering<agent_view>(std::move(done), [](const agent_view& agent) {
                 return ok(to_json(agent));
               }));
}

void show_history(node_api& node, const http_request& request, responder done) {
  query_reader query(request.query);
  auto page = read_page(query);
  if (!page)
    return done(error_response(page.error()));
  auto id = addressed_agent(request);
  if (!id)
    return done(error_response(id.error()));
  using events = journal::page<journal::stored_event>;
  node.history(std::move(*id), std::move(page->cursor), page->limit,
               answering<events>(std::move(done), render_page<journal::stored_event>));
}

void show_mailbox(node_api& node, const http_request& request, responder done) {
  query_reader query(request.query);
  const auto limit = query.count("limit", page_limit_default, page_limit_max);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  auto id = addressed_agent(request);
  if (!id)
    return done(error_response(id.error()));
  node.mailbox(std::move(*id), limit,
               answering<journal::page<mail_view>>(std::move(done), render_page<mail_view>));
}

} // namespace

void add_agent_routes(route_table& table, const route_context& context) {
  auto& node = context.node;
  const auto through = [&node](auto* verb) {
    return
        [&node, verb](const http_request& request, responder done) { verb(node, request, std::move(done)); };
  };
  table.add({http_method::get,
             "/v1/agents",
             "list_agents",
             "agents",
             "Agents of this node's store.",
             joined({{"state", parameter_place::query, "only agents in this state", state_enum().dump()},
                     {"prefix", parameter_place::query, "only agents whose kind/key begins with this"}},
                    page_parameters()),
             "",
             {{200, "One page of agents.", "agent_list"}},
             through(list_agents)});
  table.add({http_method::get,
             "/v1/agents/{kind}/{key}",
             "show_agent",
             "agents",
             "One agent: its state, its open tasks and why it waits.",
             agent_parameters(),
             "",
             {{200, "The agent.", "agent"}, {404, "Nobody has created it.", "error"}},
             through(show_agent)});
  table.add({http_method::get,
             "/v1/agents/{kind}/{key}/history",
             "show_history",
             "agents",
             "What happened to an agent, in order.",
             agent_parameters(page_parameters()),
             "",
             {{200, "One page of events.", "event_list"}, {404, "Nobody has created it.", "error"}},
             through(show_history)});
  table.add({http_method::get,
             "/v1/agents/{kind}/{key}/mailbox",
             "show_mailbox",
             "agents",
             "Mail the agent has not applied yet.",
             agent_parameters({page_parameters().front()}),
             "",
             {{200, "The oldest mail.", "mail_list"}, {404, "Nobody has created it.", "error"}},
             through(show_mailbox)});
}

} // namespace troupe::gateway
