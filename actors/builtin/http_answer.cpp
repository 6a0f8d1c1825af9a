#include "actors/builtin/http_answer.hpp"

#include "actors/builtin/limits.hpp"
#include "actors/models/retry.hpp"
#include "config/expression/base64.hpp"
#include "config/limits.hpp"
#include "config/schema/json_text.hpp"
#include "runtime/base/text.hpp"

#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

using http::http_answer;
using http::http_fault;

std::string kind_of(http_fault fault) {
  switch (fault) {
  case http_fault::unreachable:
  case http_fault::untrusted:
  case http_fault::cut:
    return "unavailable";
  case http_fault::slow:
  case http_fault::late:
    return "timeout";
  case http_fault::canceled:
    return "canceled";
  case http_fault::too_large:
  case http_fault::refused:
  case http_fault::none:
    break;
  }
  return "invalid";
}

json headers_of(const http_answer& answer, const revealed_secrets& secrets) {
  json made = json::object();
  for (const auto& [name, value] : answer.headers) {
    const auto text = as_utf8(secrets.hide(value));
    auto& field = made[as_utf8(name)];
    field = field.is_null() ? json(text) : json(field.get<std::string>() + ", " + text);
  }
  return made;
}

bool says_json(const json& headers) {
  const auto type = headers.value("content-type", "");
  const auto name = type.substr(0, type.find(';'));
  return name.find("json") != std::string::npos;
}

/// JSON where the service says so and it is; else text; else, for bytes that are no text, {base64}.
json body_of(const http_answer& answer, const json& headers, const revealed_secrets& secrets) {
  if (answer.body.empty())
    return nullptr;
  auto text = secrets.hide(answer.body);
  if (says_json(headers))
    if (auto read = read_json(text); !read.is_discarded())
      return read;
  if (is_utf8(text))
    return text;
  return json{{"base64", expression::to_base64(text)}};
}

json meta_of(const http_answer& answer, instant now) {
  json made{{"status", answer.status}};
  if (const auto wait = models::parse_retry_after(answer.retry_after, now))
    made["retry_after_ms"] = wait->count();
  return made;
}

outcome failed(std::string kind, const std::string& words, const http_answer& answer, instant now) {
  auto made = outcome::failure(std::move(kind), words);
  made.meta = meta_of(answer, now).dump();
  return made;
}

} // namespace

outcome judge_http_answer(const http_answer& answer, const std::string& whom, const revealed_secrets& secrets,
                          instant now) {
  if (answer.fault != http_fault::none)
    return failed(kind_of(answer.fault),
                  config::shorten(secrets.hide(whom + ": " + answer.problem), limits::excerpt_bytes), answer,
                  now);
  const auto status = std::to_string(answer.status);
  if (answer.status >= 300) {
    std::string words = whom + " answered " + status;
    if (answer.status < 400)
      words += ", a redirect that is not followed";
    else if (!answer.body.empty())
      words += ": " + secrets.hide(answer.body);
    return failed("http." + status, config::shorten(words, limits::excerpt_bytes), answer, now);
  }
  const auto headers = headers_of(answer, secrets);
  const json made{
      {"status", answer.status}, {"headers", headers}, {"body", body_of(answer, headers, secrets)}};
  return outcome::success(config::dump_json(made), meta_of(answer, now).dump());
}

} // namespace troupe::builtin
