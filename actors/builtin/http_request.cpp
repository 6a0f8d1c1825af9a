#include "actors/builtin/http_request.hpp"

#include "actors/builtin/limits.hpp"
#include "actors/http/curl_url.hpp"
#include "config/schema/json_text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 9110's tokens: what a header's name is made of.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

/// A line break would begin a header of its own.
bool fits_header(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; });
}

std::string percent(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      made += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    made += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
  }
  return made;
}

/// Nothing for lists and objects.
std::optional<std::string> query_text(const json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean())
    return value.dump();
  return std::nullopt;
}

result<std::string> make_query(const arguments& with) {
  const auto* query = with.find("query");
  std::string made;
  if (!query)
    return made;
  if (!query->is_object())
    return with.refuse("query", "a map of names to values");
  for (const auto& [name, value] : query->items()) {
    const auto values = value.is_array() ? value : value.is_null() ? json::array() : json::array({value});
    for (const auto& one : values) {
      const auto text = query_text(one);
      if (!text)
        return with.refuse("query", "made of texts, numbers and lists of these");
      made += (made.empty() ? "" : "&") + percent(name) + "=" + percent(*text);
    }
  }
  return made;
}

result<std::string> make_url(const arguments& with) {
  auto url = with.text("url");
  if (!url)
    return url;
  if (url->size() > limits::url_bytes ||
      std::any_of(url->begin(), url->end(), [](char c) { return c <= ' ' || c == 127; }))
    return with.refuse("url", "at most 8 KiB, without spaces and with letters of ASCII; others as %XX");
  if (!http::origin_of(*url))
    return with.refuse("url", "an http or https URL without user and password in it");
  auto query = make_query(with);
  if (!query || query->empty())
    return query ? url : query;
  const auto fragment = std::min(url->find('#'), url->size());
  auto made = url->substr(0, fragment);
  const char last = made.back();
  made += made.find('?') == std::string::npos ? "?" : (last == '?' || last == '&') ? "" : "&";
  made += *query;
  if (made.size() > limits::url_bytes)
    return with.refuse("query", "too long: the URL would have more than 8 KiB");
  return made;
}

result<void> add_header(const arguments& with, const std::string& name, const std::string& value,
                        http::http_call& to) {
  constexpr std::array own{"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade",
                           "te",   "trailer"};
  const auto known = lower(name);
  if (!is_token(name) || !fits_header(value) || name.size() + value.size() > limits::header_bytes)
    return with.refuse("headers", "made of names and texts that fit one line each");
  if (std::find(own.begin(), own.end(), known) != own.end())
    return fail(fault::invalid, "the header " + name + " is the client's own to write");
  if (known == "content-type")
    to.content_type = value;
  else if (known == "accept")
    to.accept = value;
  else
    to.headers.push_back(value.empty() ? name + ";" : name + ": " + value); // curl's way to send an empty one
  return {};
}

result<void> add_headers(const arguments& with, http::http_call& to) {
  const auto* headers = with.find("headers");
  if (!headers)
    return {};
  if (!headers->is_object() || headers->size() > limits::headers)
    return with.refuse("headers", "a map of at most 64 names to texts");
  for (const auto& [name, value] : headers->items()) {
    const auto text = query_text(value);
    if (!text)
      return with.refuse("headers", "a map of names to texts");
    if (auto added = add_header(with, name, *text, to); !added)
      return added;
  }
  return {};
}

bool is_json(std::string_view type) {
  const auto name = lower(std::string(type.substr(0, type.find(';'))));
  return name == "application/json" || name.ends_with("+json") || name.ends_with("+json ") ||
         name == "application/json ";
}

/// JSON, unless the headers name another type: then a text goes out as it stands.
result<void> add_body(const arguments& with, http::http_call& to) {
  const auto* body = with.find("body");
  if (!body) {
    to.content_type.clear();
    return {};
  }
  if (is_json(to.content_type)) {
    to.body = config::dump_json(*body);
    return {};
  }
  if (!body->is_string())
    return with.refuse("body", "a text when the content type is not JSON");
  to.body = body->get<std::string>();
  return {};
}

result<std::string> method_of(std::string_view verb, const arguments& with) {
  constexpr std::array methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (verb == "http.get")
    return std::string("GET");
  if (verb == "http.post")
    return std::string("POST");
  auto given = with.optional_text("method");
  if (!given)
    return tl::unexpected(given.error());
  const auto method = given->value_or("GET");
  if (std::find(methods.begin(), methods.end(), method) == methods.end())
    return with.refuse("method", "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS");
  return method;
}

} // namespace

result<arguments> read_http_arguments(std::string_view verb, std::string_view text) {
  if (verb == "http.get")
    return arguments::read(text, "http.get", {"url", "headers", "query", "timeout"});
  if (verb == "http.post")
    return arguments::read(text, "http.post", {"url", "headers", "query", "body", "timeout"});
  return arguments::read(text, "http.request", {"method", "url", "headers", "query", "body", "timeout"});
}

result<http_request> make_http_request(std::string_view verb, const arguments& with) {
  http_request made;
  made.call.accept = "application/json, */*;q=0.5";
  auto method = method_of(verb, with);
  if (!method)
    return tl::unexpected(method.error());
  made.call.method = std::move(*method);
  auto url = make_url(with);
  if (!url)
    return tl::unexpected(url.error());
  made.call.url = std::move(*url);
  if (auto added = add_headers(with, made.call); !added)
    return tl::unexpected(added.error());
  if (auto added = add_body(with, made.call); !added)
    return tl::unexpected(added.error());
  auto timeout = with.duration("timeout");
  if (!timeout)
    return tl::unexpected(timeout.error());
  made.timeout = *timeout;
  return made;
}

} // namespace troupe::builtin
