#include "gateway/http/guard.hpp"

#include <algorithm>
#include <cctype>

namespace troupe::gateway {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

bool all_digits(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// 127.a.b.c with decimal parts: "127.evil.example" must not pass for an address.
bool is_ipv4_loopback(std::string_view host) noexcept {
  if (!host.starts_with("127."))
    return false;
  int parts = 0;
  for (std::size_t begin = 0; begin <= host.size(); ++parts) {
    auto end = std::min(host.find('.', begin), host.size());
    auto part = host.substr(begin, end - begin);
    if (part.empty() || part.size() > 3 || !all_digits(part))
      return false;
    begin = end + 1;
  }
  return parts == 4;
}

/// Splits "name:port" and "[::1]:port"; false if the port is no port.
bool split_authority(std::string_view authority, std::string_view& host) noexcept {
  auto close = authority.starts_with('[') ? authority.find(']') : 0;
  if (close == authority.npos)
    return false;
  auto colon = authority.find(':', close);
  host = authority.substr(0, colon);
  if (colon == authority.npos)
    return true;
  auto port = authority.substr(colon + 1);
  return !port.empty() && port.size() <= 5 && all_digits(port);
}

std::size_t count_of(const named_values& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count(headers, name, &std::pair<std::string, std::string>::first));
}

api_error forbidden(std::string message, std::string hint, std::string field) {
  return {403, "refused", std::move(message), std::move(hint), std::move(field)};
}

} // namespace

bool is_loopback_host(std::string_view host) noexcept {
  if (host.size() > 64)
    return false;
  auto name = lower(host);
  return name == "localhost" || name == "[::1]" || is_ipv4_loopback(name);
}

std::optional<api_error> check_host(const raw_request& request) {
  if (count_of(request.headers, "host") != 1)
    return bad_request("exactly one Host header is needed", {}, "Host");
  std::string_view host;
  if (!split_authority(*find_value(request.headers, "host"), host) || !is_loopback_host(host))
    return forbidden("this Host is not served here", "use http://127.0.0.1 or http://localhost", "Host");
  return std::nullopt;
}

std::optional<api_error> check_origin(const raw_request& request) {
  auto origin = find_value(request.headers, "origin");
  if (!origin)
    return std::nullopt;
  auto host = find_value(request.headers, "host").value_or("");
  if (count_of(request.headers, "origin") == 1 && lower(*origin) == "http://" + lower(host))
    return std::nullopt;
  return forbidden("web pages of another origin may not call this API",
                   "call it from a program, or open the page this node serves", "Origin");
}

std::optional<api_error> check_content_type(const raw_request& request) {
  auto m = request.method;
  if (m != http_method::post && m != http_method::put && m != http_method::patch)
    return std::nullopt;
  auto given = lower(find_value(request.headers, "content-type").value_or(""));
  auto type = trimmed(std::string_view(given).substr(0, given.find(';')));
  if (type == "application/json" && count_of(request.headers, "content-type") == 1)
    return std::nullopt;
  return api_error{415, "unsupported_media_type", "a request to change something must be application/json",
                   "add the header Content-Type: application/json", "Content-Type"};
}

result<std::string> checked_bind_address(std::string_view address) {
  if (lower(address) == "localhost")
    return "127.0.0.1";
  if (address == "::1" || address == "[::1]")
    return "::1";
  if (is_ipv4_loopback(address))
    return std::string(address);
  return fail(
      fault::refused,
      "will not listen on \"" + std::string(address) + "\": the API has no TLS and no authentication yet",
      "listen on 127.0.0.1 and put a proxy with both in front, or tunnel: ssh -L 7070:127.0.0.1:7070 HOST");
}

} // namespace troupe::gateway
