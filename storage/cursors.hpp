#pragma once

#include "config/result.hpp"
#include "runtime/journal/listing.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>

namespace troupe::storage {

/// A page of any list: at least one line, at most what one answer may hold in memory.
std::size_t bounded_page(std::size_t limit);

/// Where a page of duties ended: those with mail, those whose time has come, those with effects to look
/// after.
struct duty_place {
  enum class pass : char { mail = 'm', due = 'd', effects = 'e', over = 'x' };
  pass in = pass::mail;
  std::string dst;
  std::int64_t due = std::numeric_limits<std::int64_t>::min();
  std::uint64_t birth = 0;

  /// invalid: the cursor is none of ours.
  static result<duty_place> parse(const std::string& cursor);
  std::string cursor() const; // empty once it is over
};

/// Where a page of listings ended; newest agents first.
struct listing_place {
  std::uint64_t birth = 0;
  std::string item;

  static result<listing_place> parse(const std::string& cursor);
  static std::string cursor(const journal::stored_listing& last);
};

/// Whether a line is what was asked for, attributes aside.
bool fits(const journal::stored_listing& found, const journal::listing_query& query);
bool newer(const journal::stored_listing& a, const journal::stored_listing& b);

/// The name of an agent in the order of lists.
struct name_parts {
  std::string tenant;
  std::string kind;
  std::string key;
};
inline bool operator<(const name_parts& a, const name_parts& b) {
  return std::tie(a.tenant, a.kind, a.key) < std::tie(b.tenant, b.kind, b.key);
}

/// The smallest name whose text begins with `prefix`: without '@' in the default tenant, else wherever it
/// says.
name_parts first_name(std::string_view prefix);

/// What an agent's text says; an empty id for none.
agent_id id_of(std::string_view text);

/// The digits a cursor begins with.
std::uint64_t to_number(const std::string& cursor);

} // namespace troupe::storage
