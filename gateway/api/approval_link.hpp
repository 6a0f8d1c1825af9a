#pragma once

#include "config/result.hpp"
#include "runtime/base/time.hpp"
#include "runtime/secrets/secret_vault.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::gateway {

/// What a link lets its holder do: decide one approval, as it was when the link was made, in one person's
/// name, until a time.
struct approval_link {
  std::string id; // what its use is remembered by
  std::string approval;
  std::int64_t revision = 0;
  std::string by;
  std::string role;     // "*": any
  std::string decision; // approved or rejected; empty: the holder chooses
  instant expires{};
};

/// Makes and checks the tokens of links: HMAC-SHA-512/256 under a key of the data folder's own.
class link_signer {
public:
  explicit link_signer(const secret_key& folder_key);

  /// Fit for a URL.
  std::string sign(const approval_link& link) const;
  /// invalid: not made here, or changed since; refused: its time is over.
  result<approval_link> read(std::string_view token, instant now) const;

private:
  secret_key key_;
};

/// The limit of a link's age, and what it gets when nobody says.
inline constexpr std::chrono::hours link_age_max{24 * 30};
inline constexpr std::chrono::hours link_age_usual{48};
/// A token is a handful of names; a longer one is none of ours.
inline constexpr std::size_t link_bytes_max = 2048;

} // namespace troupe::gateway
