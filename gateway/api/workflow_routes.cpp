#include "gateway/api/answering.hpp"
#include "gateway/api/page_query.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/api/run_messages.hpp"
#include "gateway/http/body_reader.hpp"
#include "workflows/graph/text_graphs.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

json summary_of(const workflow::pinned_plan& pinned) {
  const auto& plan = *pinned.made;
  auto labels = json::object();
  for (const auto& [name, value] : plan.labels)
    labels[name] = value;
  return json{{"name", plan.name},
              {"version", plan.version},
              {"hash", plan.hash},
              {"description", plan.description},
              {"labels", std::move(labels)}};
}

void list_workflows(const workflow::deployed_catalog& known, const http_request& request, responder done) {
  query_reader query(request.query);
  const auto page = read_page(query);
  if (!page)
    return done(error_response(page.error()));
  auto items = json::array();
  std::string next;
  for (const auto& pinned : known.workflows()) { // ascending by name, which is the cursor
    if (pinned->made->name <= page->cursor)
      continue;
    if (items.size() == page->limit) {
      next = items.back().at("name").get<std::string>();
      break;
    }
    items.push_back(summary_of(*pinned));
  }
  done(page_response(std::move(items), next));
}

void show_workflow(const workflow::deployed_catalog& known, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  const auto found = known.find_workflow(request.param("name"));
  if (!found)
    return done(
        error_response(error{fault::not_found, "there is no workflow \"" + request.param("name") + "\"",
                             "GET /v1/workflows lists them"}));
  auto made = summary_of(*found);
  made["definition"] = text_json(found->made->text);
  made["graph"] = text_json(workflow::render_graph_json(workflow::diagram_of(*found->made)));
  done(ok(made));
}

void reload(const route_context& context, const http_request& request, responder done) {
  body_reader body(request.body, context.limits);
  if (auto problem = body.finish())
    return done(error_response(*problem));
  context.reload([done = std::move(done)](result<json> changed) {
    done(changed ? ok(*changed) : error_response(changed.error()));
  });
}

void add_reload(route_table& table, const route_context& context) {
  table.add({http_method::post,
             "/v1/workflows/reload",
             "reload_workflows",
             "workflows",
             "Read the files of workflows and agents again: all of them, or none when one is wrong.",
             {},
             "empty",
             {{200, "What changed. Runs keep what they began with.", "reloaded"},
              {400, "A file is wrong; nothing has changed.", "error"},
              {409, "The node has no folder of workflows.", "error"}},
             [context](const http_request& request, responder done) {
               reload(context, request, std::move(done));
             }});
}

} // namespace

void add_workflow_routes(route_table& table, const route_context& context) {
  const auto known = context.workflows;
  if (context.reload)
    add_reload(table, context);
  const route_parameter name{"name", parameter_place::path, "the workflow"};
  table.add({http_method::get,
             "/v1/workflows",
             "list_workflows",
             "workflows",
             "The workflows of this node.",
             page_parameters(),
             "",
             {{200, "All of them.", "workflow_list"}},
             [known](const http_request& request, responder done) {
               list_workflows(*known, request, std::move(done));
             }});
  table.add({http_method::get,
             "/v1/workflows/{name}",
             "show_workflow",
             "workflows",
             "One workflow with its definition and its graph.",
             {name},
             "",
             {{200, "The workflow.", "workflow"}, {404, "No such workflow.", "error"}},
             [known](const http_request& request, responder done) {
               show_workflow(*known, request, std::move(done));
             }});
  table.add(
      {http_method::post,
       "/v1/workflows/{name}/runs",
       "start_run",
       "workflows",
       "Start a run.",
       {name,
        {"wait", parameter_place::query, "seconds to wait for its end",
         R"({"type":"number","minimum":0,"maximum":300,"default":0})"},
        {"Idempotency-Key", parameter_place::header,
         "the same key and body again within 24 hours is the same run"}},
       "run_start",
       {{200, "How it ended, when it was waited for.", "run_ended"},
        {202, "Durable: it will run, whatever crashes.", "accepted"},
        {400, "The input does not fit.", "error"},
        {404, "No such workflow.", "error"},
        {409, "The key stands for another body.", "error"}},
       [known, &node = context.node, &limits = context.limits](const http_request& request, responder done) {
         auto start = read_run_start(request, *known, limits);
         if (!start)
           return done(error_response(start.error()));
         node.inject(std::move(*start), answering<inject_answer>(std::move(done), run_started));
       }});
}

} // namespace troupe::gateway
