#include "gateway/http/dispatcher.hpp"

#include "gateway/http/guard.hpp"
#include "gateway/http/target.hpp"

#include <algorithm>
#include <atomic>
#include <exception>

namespace troupe::gateway {

namespace {

constexpr const char* correlation_header = "X-Correlation-Id";

/// Ids travel into logs and journals: visible ASCII only, so that nobody writes log lines through them.
bool is_correlation(std::string_view text) noexcept {
  return !text.empty() && text.size() <= limits::token_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

std::optional<api_error> check_door(const raw_request& request) {
  if (auto problem = check_host(request))
    return problem;
  if (auto problem = check_origin(request))
    return problem;
  if (auto given = find_value(request.headers, "x-correlation-id"); given && !is_correlation(*given))
    return bad_request("the correlation id must be 1 to 256 visible ASCII characters", {},
                       correlation_header);
  return std::nullopt;
}

std::string allow_header(const std::vector<http_method>& allowed) {
  std::string out = "OPTIONS";
  for (auto method : allowed) {
    out += ", " + std::string(to_string(method));
    if (method == http_method::get)
      out += ", HEAD";
  }
  return out;
}

http_response not_routed(const route_match& match, const raw_request& request, const std::string& path) {
  if (match.allowed.empty())
    return error_response(
        api_error{404, "not_found", "no such path: " + path, "see /docs for all routes", {}});
  http_response response;
  if (request.method == http_method::options) {
    response.status = 204;
    response.content_type.clear();
  } else {
    response = error_response(api_error{405,
                                        "method_not_allowed",
                                        std::string(to_string(request.method)) + " is not served on " + path,
                                        "use one of " + allow_header(match.allowed),
                                        {}});
  }
  response.headers.emplace_back("Allow", allow_header(match.allowed));
  return response;
}

/// One request on its way: makes sure that its answer goes out once and is recorded once.
class pending_answer {
public:
  pending_answer(const raw_request& request, std::string correlation,
                 std::shared_ptr<const request_observers> observers, responder done)
      : observers_(std::move(observers))
      , done_(std::move(done))
      , started_(std::chrono::steady_clock::now()) {
    record_.method = to_string(request.method);
    record_.path = request.target.substr(0, request.target.find('?'));
    record_.bytes_in = request.body.size();
    record_.peer = request.peer;
    record_.correlation = std::move(correlation);
  }

  /// Before the handler runs: it may answer from another thread at once.
  void routed(const std::string& route) { record_.route = route; }

  void answer(http_response response) {
    if (answered_.exchange(true))
      return;
    if (std::ranges::find(response.headers, correlation_header, &named_values::value_type::first) ==
        response.headers.end())
      response.headers.emplace_back(correlation_header, record_.correlation);
    record_.status = response.status;
    record_.bytes_out = response.body.size();
    record_.took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
    for (const auto& observer : *observers_)
      observer->completed(record_);
    done_(std::move(response));
  }

private:
  std::shared_ptr<const request_observers> observers_;
  responder done_;
  std::chrono::steady_clock::time_point started_;
  request_record record_;
  std::atomic<bool> answered_{false};
};

http_response defect(const std::string& what) {
  return error_response(api_error{500,
                                  "internal",
                                  "a defect on our side: " + what,
                                  "look for this correlation id in the node's log",
                                  {}});
}

} // namespace

dispatcher::dispatcher(route_table routes, const http_limits& limits, std::function<std::string()> draw_id,
                       request_observers observers)
    : routes_(std::move(routes))
    , limits_(limits)
    , draw_id_(std::move(draw_id))
    , observers_(std::make_shared<const request_observers>(std::move(observers))) {}

void dispatcher::route_to(raw_request request, std::string correlation, const responder& done,
                          const std::function<void(const std::string&)>& routed) const {
  auto target = parse_target(request.target, limits_);
  if (!target)
    return done(error_response(target.error()));
  auto match = routes_.match(request.method, target->segments);
  if (!match.found)
    return done(not_routed(match, request, target->path));
  routed(match.found->path);
  if (auto problem = check_content_type(request))
    return done(error_response(*problem));
  if (match.found->request_schema.empty() && !request.body.empty())
    return done(error_response(bad_request("this route takes no body")));
  http_request out{request.method,          match.found->path,        std::move(target->path),
                   std::move(match.params), std::move(target->query), std::move(request.headers),
                   std::move(request.body), std::move(correlation)};
  match.found->handler(std::move(out), done);
}

void dispatcher::handle(raw_request request, responder done) const {
  auto given = find_value(request.headers, "x-correlation-id");
  auto correlation = given && is_correlation(*given) ? std::string(*given) : draw_id_();
  auto pending = std::make_shared<pending_answer>(request, correlation, observers_, std::move(done));
  auto answer = [pending](http_response response) { pending->answer(std::move(response)); };
  if (auto problem = check_door(request))
    return answer(error_response(*problem));
  try {
    route_to(std::move(request), std::move(correlation), answer,
             [&](const std::string& route) { pending->routed(route); });
  } catch (const std::exception& e) {
    answer(defect(e.what()));
  }
}

http_response dispatcher::refuse(const api_error& problem, const std::string& peer) const {
  raw_request unread;
  unread.method = http_method::other;
  unread.peer = peer;
  http_response out;
  pending_answer(unread, draw_id_(), observers_, [&](http_response response) {
    out = std::move(response);
  }).answer(error_response(problem));
  return out;
}

} // namespace troupe::gateway
