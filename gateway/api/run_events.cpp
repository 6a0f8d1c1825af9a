#include "gateway/api/render.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/api/run_messages.hpp"
#include "gateway/http/query_reader.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

constexpr std::size_t events_a_piece = 200;

/// A run's history as it is written, from a number on. Ends with the run.
class run_event_stream final : public event_stream, public std::enable_shared_from_this<run_event_stream> {
public:
  run_event_stream(node_api& node, agent_id run, std::uint64_t seen)
      : node_(node)
      , run_(std::move(run))
      , seen_(seen) {}

  void next(std::function<void(std::optional<std::string>)> give) override {
    if (over_)
      return give(std::nullopt);
    fresh_.clear();
    read("", std::move(give));
  }

private:
  /// Histories come newest first: back to the last one seen, then forward.
  void read(std::string cursor, std::function<void(std::optional<std::string>)> give) {
    node_.history(run_, std::move(cursor), events_a_piece,
                  [self = shared_from_this(),
                   give = std::move(give)](result<journal::page<journal::stored_event>> page) mutable {
                    if (!page)
                      return give(page.error().what == fault::not_found ? std::optional(std::string())
                                                                        : std::nullopt);
                    bool reached = page->next_cursor.empty();
                    for (auto& event : page->items) {
                      reached = reached || event.number <= self->seen_;
                      if (event.number > self->seen_)
                        self->fresh_.push_back(std::move(event));
                    }
                    if (!reached)
                      return self->read(page->next_cursor, std::move(give));
                    give(self->piece());
                  });
  }

  std::string piece() {
    std::string text;
    std::reverse(fresh_.begin(), fresh_.end());
    for (const auto& event : fresh_) {
      const auto& kind = event.event.kind;
      text += "id: " + std::to_string(event.number) + "\nevent: " + kind +
              "\ndata: " + to_json(event).dump() + "\n\n";
      seen_ = event.number;
      over_ = over_ || kind == "run_completed" || kind == "run_failed" || kind == "run_canceled" ||
              kind == "run_rejected";
    }
    return text;
  }

  node_api& node_;
  agent_id run_;
  std::uint64_t seen_;
  bool over_ = false;
  std::vector<journal::stored_event> fresh_;
};

checked<std::uint64_t> last_event_id(const http_request& request) {
  const auto given = request.header("last-event-id");
  std::uint64_t seen = 0;
  const auto [rest, failed] = std::from_chars(given.data(), given.data() + given.size(), seen);
  if (!given.empty() && (failed != std::errc() || rest != given.data() + given.size()))
    return tl::unexpected(bad_request("Last-Event-ID is the number of an event", {}, "Last-Event-ID"));
  return seen;
}

void stream_events(node_api& node, const http_request& request, responder done) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return done(error_response(*problem));
  const auto seen = last_event_id(request);
  if (!seen)
    return done(error_response(seen.error()));
  const auto id = request.param("id");
  look_at_run(node, id, [&node, id, seen = *seen, done = std::move(done)](result<json> found) {
    if (!found)
      return done(error_response(found.error()));
    http_response response;
    response.content_type = "text/event-stream";
    response.events = std::make_shared<run_event_stream>(node, *run_agent_id(id), seen);
    done(std::move(response));
  });
}

} // namespace

void add_run_events(route_table& table, const route_context& context) {
  table.add({http_method::get,
             "/v1/runs/{id}/events",
             "follow_run",
             "runs",
             "What happens to a run, as server-sent events; ends with the run.",
             {{"id", parameter_place::path, "the run"},
              {"Last-Event-ID", parameter_place::header, "go on after this event"}},
             "",
             {{200, "Events: step_completed, approval_opened, run_completed …", "", "text/event-stream"},
              {404, "No such run.", "error"}},
             [&node = context.node](const http_request& request, responder done) {
               stream_events(node, request, std::move(done));
             }});
}

} // namespace troupe::gateway
