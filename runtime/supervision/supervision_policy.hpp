#pragma once

#include "config/result.hpp"
#include "runtime/base/time.hpp"

#include <cstdint>
#include <string_view>

namespace troupe::supervision {

/// Who is restarted with a child that ended.
enum class strategy : std::uint8_t {
  one_for_one, // it alone
  one_for_all, // all its siblings
  rest_for_one // those that start after it
};
std::string_view to_string(strategy s) noexcept;
result<strategy> parse_strategy(std::string_view text);

/// When a child that ended comes back.
enum class restart_type : std::uint8_t {
  permanent, // always
  transient, // after a crash, not after a normal end
  temporary  // never
};
std::string_view to_string(restart_type r) noexcept;
result<restart_type> parse_restart_type(std::string_view text);

/// How a supervisor treats its children. The defaults are those of `supervision.*` in docs/config.md.
struct supervision_policy {
  strategy how = strategy::one_for_one;
  restart_type restart = restart_type::permanent; // of children that do not say otherwise
  std::uint32_t max_restarts = 3;                 // within the window; the next crash is given up on
  milliseconds within{10'000};
  milliseconds backoff_initial{100};
  milliseconds backoff_max{30'000};

  /// The longest wait before a restart. Waits may not fill the window: a child that crashes as soon as it
  /// runs would be restarted for ever, too slowly for the window to notice.
  milliseconds longest_wait() const noexcept;
  bool operator==(const supervision_policy&) const = default;
};

/// The policy itself, or which of its values cannot work and what would.
result<supervision_policy> validated(const supervision_policy& policy);

} // namespace troupe::supervision
