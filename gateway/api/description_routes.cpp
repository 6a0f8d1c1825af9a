#include "gateway/api/docs_page.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/routes.hpp"

namespace troupe::gateway {

namespace {

http_response document(std::string content_type, std::string body) {
  http_response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

http_response docs_response() {
  auto response = document("text/html; charset=utf-8", std::string(docs_page()));
  // The page asks nobody but this node, and nobody may put it into a frame.
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; "
                                "script-src 'unsafe-inline'; frame-ancestors 'none'");
  return response;
}

} // namespace

void add_description_routes(route_table& table) {
  auto text = std::make_shared<std::string>();
  table.add(
      {http_method::get,
       "/openapi.json",
       "openapi",
       "operations",
       "This description.",
       {},
       "",
       {{200, "OpenAPI 3.1.", "", "application/json"}},
       [text](const http_request&, const responder& done) { done(document("application/json", *text)); }});
  table.add({http_method::get,
             "/docs",
             "docs",
             "operations",
             "This description, to read and try.",
             {},
             "",
             {{200, "A page.", "", "text/html"}},
             [](const http_request&, const responder& done) { done(docs_response()); }});
  *text = openapi_text(table);
}

} // namespace troupe::gateway
