#pragma once

#include "config/result.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/store_mark.hpp"

#include <atomic>
#include <string>

namespace troupe::storage::postgres {

/// What the server is, and what the store in it is.
struct identity {
  std::uint64_t system = 0;
  std::uint64_t timeline = 0;
  std::uint64_t store = 0;
};
identity identify(session& on);

/// Why this server may not hold a store: settings that lose what was acknowledged. Empty: it may.
std::string unfit(session& on);

/// Where the store must be, at least. Written by the writer, read by every line that connects anew.
class progress {
public:
  explicit progress(const store_mark& at);
  void reached(const store_mark& at);
  /// Throws pg_error with code `store_behind` if the server is another, or has gone back in time.
  void check(session& on) const;

private:
  std::string node_;
  std::uint64_t system_;
  std::uint64_t store_;
  std::atomic<std::uint64_t> timeline_;
  std::atomic<std::uint64_t> commits_;
};

inline constexpr const char* store_behind = "TR003";
inline constexpr const char* loss_hint =
    "restore a newer backup, or go on without what is lost: troupe doctor --accept-store-loss";

} // namespace troupe::storage::postgres
