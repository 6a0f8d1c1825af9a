// Links to decide by: signed, for one person and one approval, good once and for a while.
#include "gateway/api/answering.hpp"
#include "gateway/api/link_page.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/api/run_messages.hpp"
#include "gateway/http/body_reader.hpp"
#include "gateway/http/query_reader.hpp"

#include "config/settings/units.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <sodium.h>

namespace troupe::gateway {

namespace {

bool is_open(const json& approval) { return approval.value("state", "") == "input_required"; }

std::string fresh_id() {
  std::array<unsigned char, 12> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string hex(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

/// Whoever gives a link away grants by it what the approval asks for, and no more.
std::string role_of(const json& approval) {
  const auto by = approval.value("by", json::object());
  return by.is_object() && by.contains("role") && by.at("role").is_string() ? by.at("role").get<std::string>()
                                                                            : "*";
}

checked<approval_link> read_link(const route_context& context, const http_request& request) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return tl::unexpected(std::move(*problem));
  body_reader body(request.body, context.limits);
  approval_link link;
  link.by = body.required_text("by", name_bytes_max);
  link.decision = body.optional_text("decision", name_bytes_max);
  const auto span = body.optional_text("expires_in", name_bytes_max);
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  if (!link.decision.empty() && link.decision != "approved" && link.decision != "rejected")
    return tl::unexpected(bad_request("`decision` is approved or rejected", {}, "decision"));
  const auto age = span.empty() ? result<milliseconds>(link_age_usual) : config::parse_duration(span);
  if (!age || age->count() <= 0 || *age > link_age_max)
    return tl::unexpected(bad_request("`expires_in` is a span up to 30 days, such as 2d", {}, "expires_in"));
  link.expires = later(context.clock->now(), *age);
  link.id = fresh_id();
  link.approval = request.param("id");
  return link;
}

void make_link(const route_context& context, const http_request& request, responder done) {
  auto link = read_link(context, request);
  if (!link)
    return done(error_response(link.error()));
  const auto host = std::string(request.header("host"));
  look_at_approval(context.node, request.param("id"),
                   [link = std::move(*link), host, links = context.links,
                    done = std::move(done)](result<json> found) mutable {
                     if (!found)
                       return done(error_response(found.error()));
                     if (!is_open(*found))
                       return done(error_response(error{fault::conflict, "the approval is decided already",
                                                        "troupe approval show " + link.approval}));
                     link.revision = found->value("revision", std::int64_t{0});
                     link.role = role_of(*found);
                     const auto token = links->sign(link);
                     auto made = ok(json{{"url", "http://" + host + "/a/" + token},
                                         {"token", token},
                                         {"id", link.id},
                                         {"by", link.by},
                                         {"expires", to_rfc3339(link.expires)}});
                     made.status = 201;
                     done(std::move(made));
                   });
}

void show_page(const route_context& context, const http_request& request, responder done) {
  const auto link = context.links->read(request.param("token"), context.clock->now());
  if (!link)
    return done(notice_page(status_of(link.error().what), link.error().message, link.error().hint));
  look_at_approval(context.node, link->approval, [link = *link, done = std::move(done)](result<json> found) {
    if (!found)
      return done(notice_page(404, found.error().message, ""));
    if (!is_open(*found))
      return done(notice_page(409,
                              "It is decided: " + found->value("decision", found->value("state", "over")) +
                                  " by " + found->value("decided_by", "the workflow"),
                              found->value("note", "")));
    if (found->value("revision", std::int64_t{0}) != link.revision)
      return done(notice_page(409, "It has changed since this link was made", "Ask for a new one."));
    done(link_page(*found, link));
  });
}

void decide_by_link(const route_context& context, const http_request& request, responder done) {
  const auto link = context.links->read(request.param("token"), context.clock->now());
  if (!link)
    return done(error_response(link.error()));
  body_reader body(request.body, context.limits);
  auto decision = body.optional_text("decision", name_bytes_max);
  const auto note = body.optional_text("note", note_bytes_max);
  const auto edit = body.value("edit");
  if (auto problem = body.finish())
    return done(error_response(*problem));
  if (decision.empty())
    decision = link->decision;
  if (decision != "approved" && decision != "rejected")
    return done(error_response(bad_request("`decision` is approved or rejected", {}, "decision")));
  if (!link->decision.empty() && decision != link->decision)
    return done(error_response(error{fault::refused, "this link only says " + link->decision, {}}));
  json vote{{"approval", link->approval},
            {"decision", decision},
            {"note", note},
            {"edit", text_json(edit)},
            {"by", link->by},
            {"roles", {link->role}},
            {"link", link->id},
            {"revision", link->revision}};
  steer_run(context.node, run_of_approval(link->approval), {"approval", vote.dump(), request.correlation},
            [done = std::move(done)](result<json> answered) {
              done(answered ? ok(*answered) : error_response(answered.error()));
            });
}

} // namespace

void add_link_routes(route_table& table, const route_context& context) {
  const route_parameter token{"token", parameter_place::path, "as it was given out"};
  const auto through = [context](auto* verb) {
    return [context, verb](const http_request& request, responder done) {
      verb(context, request, std::move(done));
    };
  };
  table.add({http_method::post,
             "/v1/approvals/{id}/links",
             "make_approval_link",
             "approvals",
             "A link by which one person decides, once.",
             {{"id", parameter_place::path, "the approval"}},
             "link_wanted",
             {{201, "The link.", "link"},
              {404, "No such approval.", "error"},
              {409, "It is decided already.", "error"}},
             through(make_link)});
  table.add({http_method::get,
             "/a/{token}",
             "show_approval_link",
             "approvals",
             "The page behind such a link; looking at it decides nothing.",
             {token},
             "",
             {{200, "A page.", "", "text/html"}, {403, "Its time is over.", "", "text/html"}},
             through(show_page)});
  table.add({http_method::post,
             "/a/{token}",
             "decide_by_link",
             "approvals",
             "Decide by a link.",
             {token},
             "link_decision",
             {{200, "Taken.", "decided"},
              {400, "Not a link of this node.", "error"},
              {403, "Its time is over, or not this person.", "error"},
              {409, "It is decided, has changed, or the link was used.", "error"}},
             through(decide_by_link)});
}

} // namespace troupe::gateway
