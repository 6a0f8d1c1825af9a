#include "actors/builtin/http_executor.hpp"

#include "actors/builtin/http_answer.hpp"
#include "actors/builtin/http_request.hpp"
#include "actors/http/curl_url.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

using http::http_answer;
using http::http_call;
using http::http_fault;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string location_of(const http_answer& answer) {
  const auto found = std::find_if(answer.headers.begin(), answer.headers.end(),
                                  [](const auto& h) { return h.first == "location"; });
  return found == answer.headers.end() ? "" : found->second;
}

bool names_key(const http_call& call) {
  return std::any_of(call.headers.begin(), call.headers.end(), [](const std::string& line) {
    constexpr std::string_view name = "idempotency-key";
    return line.size() > name.size() && (line[name.size()] == ':' || line[name.size()] == ';') &&
           std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
           });
  });
}

bool fits_header(const std::string& key) {
  return !key.empty() && key.size() <= 512 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// Whether the next request may go there, and as what. False: the redirect is not followed.
bool turn_to(http_call& call, const http_answer& answer) {
  const auto next = http::resolve_url(call.url, location_of(answer));
  const auto from = http::origin_of(call.url);
  const auto to = next ? http::origin_of(*next) : std::nullopt;
  if (!to || !from || (from->scheme == "https" && to->scheme == "http"))
    return false;
  if (*from != *to)
    call.headers.clear(); // keys and cookies were meant for the first one
  call.url = *next;
  return true;
}

} // namespace

http_answer http_executor::follow(http_call call, const cancel_token& canceled) {
  const auto end = later(clock_.now(), call.total);
  for (int followed = 0;; ++followed) {
    auto answer = transport_.send(call, canceled, {});
    const bool may = call.method == "GET" || call.method == "HEAD";
    if (answer.fault != http_fault::none || !may || !is_redirect(answer.status) ||
        location_of(answer).empty())
      return answer;
    if (followed >= how_.redirects || !turn_to(call, answer))
      return answer;
    call.total = end - clock_.now();
    if (call.total <= milliseconds(0)) {
      answer.fault = http_fault::late;
      answer.problem = "its redirects took all the time there was";
      return answer;
    }
  }
}

outcome http_executor::ask(const effect_request& request, revealed_secrets& secrets,
                           const cancel_token& canceled) {
  auto with = read_http_arguments(request.verb, request.body);
  if (!with)
    return refused(with.error());
  const auto revealed = secrets.reveal(with->all());
  if (!revealed)
    return refused(revealed.error());
  with->replace(*revealed);
  auto made = make_http_request(request.verb, *with);
  if (!made)
    return refused(made.error());
  auto& call = made->call;
  const auto now = clock_.now();
  if (request.deadline != never && request.deadline <= now)
    return outcome::failure("timeout", "its deadline has passed");
  call.total = time_for(made->timeout, how_.timeout, request.deadline, now);
  call.connect = std::min(call.connect, call.total);
  call.first_byte = call.idle = call.total;
  call.answer_bytes = how_.answer_bytes;
  call.wants_headers = true;
  if (!names_key(call) && fits_header(request.idempotency_key))
    call.headers.push_back("Idempotency-Key: " + request.idempotency_key);
  const auto whom = http::origin_of(call.url)->host;
  return judge_http_answer(follow(std::move(call), canceled), whom, secrets, clock_.now());
}

outcome http_executor::execute(const effect_request& request, const cancel_token& canceled, progress_sink&) {
  revealed_secrets secrets(secrets_, request.agent);
  try {
    auto done = ask(request, secrets, canceled);
    done.message = secrets.hide(std::move(done.message));
    return done;
  } catch (const std::exception& e) {
    return outcome::failure("invalid", secrets.hide(e.what()));
  }
}

} // namespace troupe::builtin
