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

json run_line(const journal::stored_listing& line) {
  auto made = text_json(line.what.detail);
  if (!made.is_object())
    made = json::object();
  made["id"] = line.id.key();
  made["workflow"] = line.what.name;
  made["state"] = line.what.state;
  made["updated"] = time_json(line.what.updated);
  auto search = json::object();
  for (const auto& [name, value] : line.what.attributes)
    search[name] = value;
  made["search"] = std::move(search);
  return made;
}

http_response render_runs(const lines& page) {
  auto items = json::array();
  for (const auto& line : page.items)
    items.push_back(run_line(line));
  return page_response(std::move(items), page.next_cursor);
}

/// Up to the next comma that no backslash stands before; what follows it goes on at `at`.
std::string next_part(const std::string& text, std::size_t& at) {
  std::string part;
  for (; at < text.size() && text[at] != ','; ++at) {
    if (text[at] == '\\' && at + 1 < text.size())
      ++at;
    part += text[at];
  }
  ++at;
  return part;
}

/// `search=NAME:VALUE`, several separated by commas; a comma within a value has a backslash before it.
checked<std::vector<std::pair<std::string, std::string>>> read_search(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> wanted;
  for (std::size_t at = 0; at < text.size();) {
    const auto part = next_part(text, at);
    const auto colon = part.find(':');
    if (colon == std::string::npos || colon == 0)
      return tl::unexpected(
          bad_request("\"" + part + "\" is not NAME:VALUE", "search=company:Acme,stage:new", "search"));
    wanted.emplace_back(part.substr(0, colon), part.substr(colon + 1));
  }
  return wanted;
}

void list_runs(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  journal::listing_query wanted;
  wanted.category = "run";
  wanted.state = query.text("state", name_bytes_max);
  wanted.name = query.text("workflow", name_bytes_max);
  const auto open = query.text("open", name_bytes_max);
  auto search = read_search(query.text("search", search_bytes_max));
  auto page = read_page(query);
  if (!page)
    return done(error_response(page.error()));
  if (!search)
    return done(error_response(search.error()));
  if (!open.empty() && open != "true" && open != "false")
    return done(error_response(bad_request("open is true or false", {}, "open")));
  if (!open.empty())
    wanted.open = open == "true";
  wanted.attributes = std::move(*search);
  wanted.cursor = std::move(page->cursor);
  wanted.limit = page->limit;
  context.node.listings(std::move(wanted), answering<lines>(std::move(done), render_runs));
}

void show_run(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  look_at_run(context.node, request.param("id"), [done = std::move(done)](result<json> found) {
    done(found ? ok(*found) : error_response(found.error()));
  });
}

/// The fields of a verb's body, handed on as they are.
checked<std::string> read_run_steering(const http_request& request, const http_limits& limits,
                                       const std::string& verb) {
  body_reader body(request.body, limits);
  auto made = json::object();
  const auto text = [&](const char* name, bool required) {
    auto given = required ? body.required_text(name, limits::token_bytes_max)
                          : body.optional_text(name, search_bytes_max);
    if (!given.empty())
      made[name] = std::move(given);
  };
  const auto flag = [&](const char* name) {
    if (const auto given = body.flag(name))
      made[name] = *given;
  };
  if (verb == "cancel")
    text("reason", false);
  if (verb == "retry") {
    text("path", false);
    flag("new_key");
  }
  if (verb == "signal") {
    text("name", true);
    text("correlation", false);
    text("id", false);
    made["body"] = text_json(body.value("body"));
  }
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  return made.dump();
}

constexpr steering_verb run_verbs[] = {
    {"cancel", "End the run: what runs is canceled, finally and compensation run.", "run_cancel"},
    {"pause", "Begin no more steps until resume; what runs goes on.", "empty"},
    {"resume", "Let a paused run go on.", "empty"},
    {"retry", "Let a stuck run go on from the step that failed.", "run_retry"},
    {"signal", "Send it a signal that a `receive` waits for, or will.", "run_signal"},
};

void add_steering(route_table& table, const route_context& context) {
  const steering_target runs{"/v1/runs/{id}",
                             "run",
                             {{"id", parameter_place::path, "the run"}},
                             {{202, "The run has taken it.", "run_steered"},
                              {404, "No such run.", "error"},
                              {409, "The run is over, or nothing is stuck.", "error"}}};
  add_steering_routes(table, context, runs, run_verbs, read_run_steering,
                      [&node = context.node](const http_request& request, steering what,
                                             std::function<void(result<json>)> done) {
                        steer_run(node, request.param("id"), std::move(what), std::move(done));
                      });
}

} // namespace

void add_run_routes(route_table& table, const route_context& context) {
  table.add({http_method::get,
             "/v1/runs",
             "list_runs",
             "runs",
             "Runs, newest first.",
             joined({{"state", parameter_place::query, "only runs in this state"},
                     {"workflow", parameter_place::query, "only runs of this workflow"},
                     {"open", parameter_place::query,
                      "true: only those that are not over; false: only those that are"},
                     {"search", parameter_place::query,
                      "NAME:VALUE of the workflow's `search`, several with commas"}},
                    page_parameters()),
             "",
             {{200, "One page of runs.", "run_list"}},
             [context](const http_request& request, responder done) {
               list_runs(context, request, std::move(done));
             }});
  table.add({http_method::get,
             "/v1/runs/{id}",
             "show_run",
             "runs",
             "A run with its steps, its approvals and what it waits for.",
             {{"id", parameter_place::path, "the run"}},
             "",
             {{200, "The run.", "run"}, {404, "No such run.", "error"}},
             [context](const http_request& request, responder done) {
               show_run(context, request, std::move(done));
             }});
  add_steering(table, context);
}

} // namespace troupe::gateway
