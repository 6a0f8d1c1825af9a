#include "storage/cursors.hpp"

#include "storage/limits.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::storage {
namespace {

constexpr std::string_view hex = "0123456789abcdef";
constexpr std::uint64_t newest = INT64_MAX;

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    out += hex[b >> 4];
    out += hex[b & 15];
  }
  return out;
}

std::string from_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const auto high = hex.find(digits[i]);
    const auto low = hex.find(digits[i + 1]);
    if (high == hex.npos || low == hex.npos)
      return {};
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

} // namespace

std::size_t bounded_page(std::size_t limit) { return std::clamp<std::size_t>(limit, 1, limits::page_items); }

result<duty_place> duty_place::parse(const std::string& cursor) {
  duty_place at;
  if (cursor.empty())
    return at;
  at.in = static_cast<pass>(cursor.front());
  const std::string_view rest = std::string_view(cursor).substr(1);
  if (at.in == pass::mail) {
    at.dst = from_hex(rest);
    if (!at.dst.empty())
      return at;
  }
  const char* end = rest.data() + rest.size();
  const auto due = std::from_chars(rest.data(), end, at.due);
  if ((at.in == pass::due || at.in == pass::effects) && due.ec == std::errc() && due.ptr != end &&
      *due.ptr == '.' && std::from_chars(due.ptr + 1, end, at.birth).ptr == end)
    return at;
  return fail(fault::invalid, "the cursor \"" + cursor + "\" is none of this list's");
}

std::string duty_place::cursor() const {
  if (in == pass::over)
    return {};
  if (in == pass::mail)
    return 'm' + to_hex(dst);
  return static_cast<char>(in) + std::to_string(due) + '.' + std::to_string(birth);
}

result<listing_place> listing_place::parse(const std::string& cursor) {
  if (cursor.empty())
    return listing_place{newest, {}};
  listing_place at;
  const auto* end = cursor.data() + cursor.size();
  const auto [rest, failed] = std::from_chars(cursor.data(), end, at.birth);
  if (failed != std::errc() || rest == end || *rest != ':')
    return fail(fault::invalid, "the cursor \"" + cursor + "\" is not of this list");
  at.item.assign(rest + 1, end);
  return at;
}

std::string listing_place::cursor(const journal::stored_listing& last) {
  return std::to_string(last.birth) + ':' + last.what.item;
}

bool fits(const journal::stored_listing& found, const journal::listing_query& query) {
  return found.id.tenant() == query.tenant && (query.name.empty() || found.what.name == query.name) &&
         (query.state.empty() || found.what.state == query.state) &&
         query.open.value_or(found.what.open) == found.what.open;
}

bool newer(const journal::stored_listing& a, const journal::stored_listing& b) {
  return a.birth != b.birth ? a.birth > b.birth : a.what.item < b.what.item;
}

name_parts first_name(std::string_view prefix) {
  name_parts first;
  if (prefix.empty())
    return first;
  first.tenant = "default";
  if (prefix.front() == '@') {
    const auto slash = prefix.find('/');
    first.tenant = prefix.substr(1, slash == prefix.npos ? slash : slash - 1);
    prefix.remove_prefix(slash == prefix.npos ? prefix.size() : slash + 1);
  }
  const auto slash = prefix.find('/');
  first.kind = prefix.substr(0, slash);
  if (slash != prefix.npos)
    first.key = prefix.substr(slash + 1);
  return first;
}

agent_id id_of(std::string_view text) {
  auto id = agent_id::parse(text);
  return id ? *id : agent_id();
}

std::uint64_t to_number(const std::string& cursor) {
  std::uint64_t number = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
  return number;
}

} // namespace troupe::storage
