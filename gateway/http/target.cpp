#include "gateway/http/target.hpp"

#include "config/diagnostic/source.hpp"

#include <algorithm>
#include <optional>

namespace troupe::gateway {

namespace {

std::optional<unsigned> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f')
    return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F')
    return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<char> escaped_byte(std::string_view text, std::size_t at) noexcept {
  if (at + 2 >= text.size())
    return std::nullopt;
  auto high = hex_digit(text[at + 1]);
  auto low = hex_digit(text[at + 2]);
  if (!high || !low)
    return std::nullopt;
  return static_cast<char>(static_cast<unsigned char>(*high * 16 + *low));
}

bool unreserved(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

checked<std::vector<std::string>> decode_segments(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t begin = 1; begin <= path.size();) {
    auto end = std::min(path.find('/', begin), path.size());
    auto decoded = percent_decode(path.substr(begin, end - begin), false);
    if (!decoded)
      return tl::unexpected(decoded.error());
    segments.push_back(std::move(*decoded));
    begin = end + 1;
  }
  return segments;
}

checked<std::pair<std::string, std::string>> decode_pair(std::string_view pair) {
  auto equals = pair.find('=');
  auto name = percent_decode(pair.substr(0, equals), true);
  if (!name)
    return tl::unexpected(name.error());
  auto value = equals == pair.npos ? std::string{} : percent_decode(pair.substr(equals + 1), true);
  if (!value)
    return tl::unexpected(value.error());
  return std::pair{std::move(*name), std::move(*value)};
}

checked<named_values> decode_query(std::string_view query) {
  named_values values;
  for (std::size_t begin = 0; begin < query.size();) {
    auto end = std::min(query.find('&', begin), query.size());
    auto pair = decode_pair(query.substr(begin, end - begin));
    if (!pair)
      return tl::unexpected(pair.error());
    if (find_value(values, pair->first))
      return tl::unexpected(
          bad_request("the parameter \"" + pair->first + "\" is given twice", {}, pair->first));
    values.push_back(std::move(*pair));
    begin = end + 1;
  }
  return values;
}

} // namespace

checked<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      auto byte = escaped_byte(text, at);
      if (!byte)
        return tl::unexpected(
            bad_request("the target holds a broken percent escape", "write a plain % as %25"));
      out += *byte;
      at += 2;
    } else {
      out += plus_is_space && text[at] == '+' ? ' ' : text[at];
    }
  }
  if (config::first_invalid_utf8(out) != out.npos || out.find('\0') != out.npos)
    return tl::unexpected(bad_request("the target is not UTF-8 text once decoded"));
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (unreserved(c)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

checked<request_target> parse_target(std::string_view target, const http_limits& limits) {
  if (target.size() > limits.target_bytes)
    return tl::unexpected(api_error{414, "invalid", "the target is too long", {}, {}});
  if (target.empty() || target.front() != '/' || target.find('#') != target.npos)
    return tl::unexpected(bad_request("the target must be a path like /v1/agents"));
  auto question = target.find('?');
  auto path = target.substr(0, question);
  auto segments = decode_segments(path);
  if (!segments)
    return tl::unexpected(segments.error());
  auto query = decode_query(question == target.npos ? std::string_view{} : target.substr(question + 1));
  if (!query)
    return tl::unexpected(query.error());
  return request_target{std::string(path), std::move(*segments), std::move(*query)};
}

} // namespace troupe::gateway
