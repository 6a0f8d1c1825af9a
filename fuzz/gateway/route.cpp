// Request targets from strangers: refused, or decoded into UTF-8 that encodes and routes back to itself.
#include "config/diagnostic/source.hpp"
#include "gateway/http/guard.hpp"
#include "gateway/http/query_reader.hpp"
#include "gateway/http/route_table.hpp"
#include "gateway/http/target.hpp"

#include <cstddef>
#include <cstdint>

using namespace troupe;
using namespace troupe::gateway;

namespace {

route_table sample_routes() {
  route_table table;
  for (const char* path :
       {"/v1/agents", "/v1/agents/{kind}/{key}", "/v1/agents/{kind}/{key}/history", "/livez"}) {
    route row;
    row.path = path;
    row.handler = [](const http_request&, const responder&) {};
    table.add(std::move(row));
  }
  return table;
}

void segments_survive(const request_target& target) {
  std::string rebuilt;
  for (const auto& segment : target.segments) {
    ensure(config::first_invalid_utf8(segment) == segment.npos, "a segment is UTF-8");
    rebuilt += "/" + percent_encode(segment);
  }
  http_limits wide;
  wide.target_bytes = rebuilt.size();
  auto again = parse_target(rebuilt, wide);
  ensure(again && again->segments == target.segments, "segments survive their encoding");
}

void query_is_read(const request_target& target) {
  query_reader query(target.query);
  const auto limit = query.count("limit", 100, 1000);
  ensure(limit >= 1 && limit <= 1000, "a limit stays in its bounds");
  const auto wait = query.seconds("wait", std::chrono::seconds(300));
  ensure(wait.count() >= 0 && wait <= std::chrono::seconds(300), "a wait stays in its bounds");
  query.finish();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto routes = sample_routes();
  const std::string text(reinterpret_cast<const char*>(data), size);
  raw_request request;
  request.headers = {{"host", text}, {"origin", "http://" + text}};
  if (!check_host(request))
    ensure(!check_origin(request), "the origin of an allowed host is that host");
  auto target = parse_target(text, {});
  if (!target)
    return 0;
  segments_survive(*target);
  query_is_read(*target);
  auto match = routes.match(http_method::get, target->segments);
  ensure(!match.found || match.params.size() <= 2, "a match has its template's parameters");
  return 0;
}
