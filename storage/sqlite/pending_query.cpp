#include "storage/sqlite/queries.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/stream_table.hpp"

#include <algorithm>

namespace troupe::storage {

pending_query::pending_query(connection& db)
    : payloads_(db)
    , next_source_(db,
                   "SELECT src FROM outbox WHERE dst = ?1 AND lane = ?2 AND src > ?3 ORDER BY src LIMIT 1")
    , rows_(db, "SELECT n, envelope, blob FROM outbox WHERE dst = ?1 AND lane = ?2 AND src = ?3 AND n > ?4"
                " ORDER BY n LIMIT ?5") {}

/// Each stream gets an equal share; what some leave over goes to the first that have more.
journal::pending_window pending_query::run(const address& to, lane on, std::uint64_t after_sender,
                                           std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, limits::page_items);
  journal::pending_window window;
  auto from = sources(to, on, after_sender, limit + 1);
  if (from.size() > limit) {
    window.complete = false;
    from.resize(limit);
  }
  if (from.empty())
    return window;
  const std::size_t share = limit / from.size();
  for (source& s : from)
    take(to, on, s, share, window);
  for (source& s : from)
    if (s.more && window.rows.size() < limit)
      take(to, on, s, limit - window.rows.size(), window);
  window.complete =
      window.complete && std::none_of(from.begin(), from.end(), [](const source& s) { return s.more; });
  std::stable_sort(window.rows.begin(), window.rows.end(), [&](const auto& a, const auto& b) {
    return (a.sender_birth <= after_sender) < (b.sender_birth <= after_sender) ||
           ((a.sender_birth <= after_sender) == (b.sender_birth <= after_sender) &&
            a.sender_birth < b.sender_birth);
  });
  return window;
}

/// Senders with pending rows: those after `after_sender` first, then from the beginning.
std::vector<pending_query::source> pending_query::sources(const address& to, lane on,
                                                          std::uint64_t after_sender, std::size_t limit) {
  std::vector<source> found;
  bool wrapped = after_sender == 0;
  std::uint64_t last = after_sender;
  while (found.size() < limit) {
    auto row = next_source_.query(column(to), static_cast<std::uint64_t>(on), last);
    const bool any = row.next();
    if (any && !(wrapped && after_sender > 0 && row.natural(0) > after_sender)) {
      last = row.natural(0);
      found.push_back({last, 0, true});
    } else if (wrapped) {
      break;
    } else {
      wrapped = true;
      last = 0;
    }
  }
  return found;
}

void pending_query::take(const address& to, lane on, source& from, std::size_t limit,
                         journal::pending_window& into) {
  auto row = rows_.query(column(to), static_cast<std::uint64_t>(on), from.src, from.after, limit + 1);
  std::size_t taken = 0;
  while (taken < limit && row.next()) {
    from.after = row.natural(0);
    into.rows.push_back({from.src, on, from.after, payloads_.get(row, 1)});
    ++taken;
  }
  from.more = taken == limit && row.next();
}

} // namespace troupe::storage
