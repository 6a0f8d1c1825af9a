#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/page_query.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/api/run_messages.hpp"
#include "gateway/http/body_reader.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

using lines = journal::page<journal::stored_listing>;

http_response render_approvals(const lines& page) {
  auto items = json::array();
  for (const auto& line : page.items) {
    auto item = text_json(line.what.detail);
    item["state"] = line.what.state;
    items.push_back(std::move(item));
  }
  return page_response(std::move(items), page.next_cursor);
}

void list_approvals(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  journal::listing_query wanted;
  wanted.category = "approval";
  wanted.state = query.text("state", name_bytes_max);
  wanted.name = query.text("workflow", name_bytes_max);
  auto page = read_page(query);
  if (!page)
    return done(error_response(page.error()));
  if (wanted.state.empty())
    wanted.open = true;
  wanted.cursor = std::move(page->cursor);
  wanted.limit = page->limit;
  context.node.listings(std::move(wanted), answering<lines>(std::move(done), render_approvals));
}

void show_approval(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  look_at_approval(context.node, request.param("id"), [done = std::move(done)](result<json> found) {
    done(found ? ok(*found) : error_response(found.error()));
  });
}

void decide(const route_context& context, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  body_reader body(request.body, context.limits);
  const auto decision = body.required_text("decision", name_bytes_max);
  const auto note = body.optional_text("note", note_bytes_max);
  const auto by = body.optional_text("by", name_bytes_max);
  const auto edit = body.value("edit");
  const auto revision = body.value("revision");
  if (auto problem = body.finish())
    return done(error_response(*problem));
  if (decision != "approved" && decision != "rejected")
    return done(error_response(bad_request("`decision` is approved or rejected", {}, "decision")));
  const auto key = read_idempotency_key(request);
  if (!key)
    return done(error_response(key.error()));
  const auto& id = request.param("id");
  // On one's own machine nobody keeps roles: whoever reaches the door has all of them.
  json vote{{"approval", id},
            {"decision", decision},
            {"note", note},
            {"edit", text_json(edit)},
            {"revision", text_json(revision)},
            {"by", by.empty() ? "local" : by},
            {"roles", {"*"}}};
  steer_run(context.node, run_of_approval(id), {"approval", vote.dump(), request.correlation, *key},
            [done = std::move(done)](result<json> answered) {
              done(answered ? ok(*answered) : error_response(answered.error()));
            });
}

} // namespace

std::string run_of_approval(const std::string& approval) { return approval.substr(0, approval.find('.')); }

void look_at_approval(node_api& node, const std::string& id, std::function<void(result<json>)> done) {
  look_at_run(node, run_of_approval(id), [id, done = std::move(done)](result<json> found) {
    if (found)
      for (const auto& approval : found->value("approvals", json::array()))
        if (approval.value("id", "") == id)
          return done(approval);
    done(fail(fault::not_found, "there is no approval " + id, "GET /v1/approvals lists those that are open"));
  });
}

void add_approval_routes(route_table& table, const route_context& context) {
  const route_parameter id{"id", parameter_place::path, "the approval"};
  table.add({http_method::get,
             "/v1/approvals",
             "list_approvals",
             "approvals",
             "What waits for a person.",
             joined({{"state", parameter_place::query, "input_required (the default) or completed"},
                     {"workflow", parameter_place::query, "only those of this workflow"}},
                    page_parameters()),
             "",
             {{200, "One page of approvals.", "approval_list"}},
             [context](const http_request& request, responder done) {
               list_approvals(context, request, std::move(done));
             }});
  table.add({http_method::get,
             "/v1/approvals/{id}",
             "show_approval",
             "approvals",
             "One approval, decided or not.",
             {id},
             "",
             {{200, "The approval.", "approval"}, {404, "No such approval.", "error"}},
             [context](const http_request& request, responder done) {
               show_approval(context, request, std::move(done));
             }});
  table.add({http_method::post,
             "/v1/approvals/{id}",
             "decide_approval",
             "approvals",
             "Approve or reject.",
             {id},
             "decision",
             {{200, "Taken.", "decided"},
              {403, "Not this person.", "error"},
              {404, "No such run.", "error"},
              {409, "It is decided already, or has changed since.", "error"}},
             [context](const http_request& request, responder done) {
               decide(context, request, std::move(done));
             }});
}

} // namespace troupe::gateway
