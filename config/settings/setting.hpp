#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::config {

enum class value_type : std::uint8_t {
  text,
  path,
  url,  // http or https, without credentials in it
  name, // [a-z0-9-], at most 63, as in host names
  boolean,
  count,    // a whole number
  duration, // 250ms, 30s, 5m, 2h, 1d; also 1h30m
  size,     // 32KiB, 512MiB, 1GiB, or plain bytes
  choice
};

/// Counts are whole numbers, sizes bytes, durations milliseconds; all other types are text.
using setting_value = std::variant<std::string, bool, std::int64_t, std::chrono::milliseconds>;

/// One row of the table of settings. Everything people are told about a setting comes from here.
struct setting {
  std::string_view key; // group.name
  value_type type = value_type::text;
  std::string_view initial; // the default, as it would be written
  std::string_view doc;     // one sentence
  std::int64_t least = 0;   // of counts, sizes (bytes) and durations (milliseconds)
  std::int64_t most = 0;
  std::string_view unit = {};    // of counts: what is counted
  std::string_view choices = {}; // separated by '|'
  bool secret = false;           // never shown, not in findings either
};

/// Every setting there is, by group.
std::span<const setting> settings_table() noexcept;

/// Null if there is no such key.
const setting* find_setting(std::span<const setting> table, std::string_view key) noexcept;

/// http.port: TROUPE_HTTP_PORT.
std::string environment_name(std::string_view key);

/// "duration", "choice"…
std::string_view to_string(value_type type) noexcept;

std::vector<std::string_view> choices_of(const setting& of);

/// "10ms to 7d", "1 to 1024 threads", "json or text"; empty when anything goes.
std::string describe_bounds(const setting& of);

} // namespace troupe::config
