#pragma once

#include "config/diagnostic/diagnostic.hpp"
#include "config/result.hpp"
#include "config/settings/setting.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::config {

/// Where a value may come from, the strongest first.
enum class origin : std::uint8_t { flag, environment, project_file, user_file, built_in };

/// "flag", "environment", "project file", "user file", "default".
std::string_view to_string(origin from) noexcept;

/// A flag as it was given: {"8080", "--port"}.
struct given_flag {
  std::string text;
  std::string name = {}; // empty: --KEY
};

/// All that settings are made from, as values: reading them from the system is the caller's.
struct setting_sources {
  std::map<std::string, given_flag> flags;        // by key
  std::map<std::string, std::string> environment; // only TROUPE_* is looked at; an empty value is none
  std::optional<source> project_file;             // ./troupe.yaml
  std::optional<source> user_file;                // ~/.config/troupe/config.yaml
};

/// One value that a source gave.
struct given_value {
  origin from = origin::built_in;
  std::string place; // "--port", "TROUPE_HTTP_PORT", "./troupe.yaml:3:9", "default"
  setting_value value;
};

/// A setting and every value given for it, the strongest first: that one holds.
struct explanation {
  setting of;
  std::vector<given_value> given;
};

/// The settings of a process: complete, checked and immutable.
class settings {
public:
  /// Reads all sources and reports everything wrong with them at once; nothing is returned if anything is an
  /// error. A variable TROUPE_X that names no setting is a warning: it may be another program's.
  [[nodiscard]] static std::optional<settings> load(const setting_sources& from, diagnostics& found,
                                                    std::span<const setting> table = settings_table());

  // By key and type; asking for a key that is not in the table, or as another type, breaks an invariant.
  const std::string& text(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::int64_t count(std::string_view key) const;
  std::int64_t bytes(std::string_view key) const;
  std::chrono::milliseconds duration(std::string_view key) const;

  /// fault::not_found with a suggestion for an unknown key.
  result<explanation> explain(std::string_view key) const;

  /// Every setting, in the table's order.
  const std::vector<explanation>& all() const noexcept { return all_; }

private:
  explicit settings(std::vector<explanation> all)
      : all_(std::move(all)) {}

  const setting_value& value(std::string_view key) const;

  std::vector<explanation> all_;
};

/// What `troupe config explain KEY` prints: the value, and each source with its own. Secrets are masked here
/// and in all functions below.
std::string render_text(const explanation& of);
std::string render_json(const explanation& of);

/// What `troupe config show` prints: `key = value` and where it comes from, one line each.
std::string render_text(const settings& shown);
std::string render_json(const settings& shown);

/// The reference part of docs/config.md.
std::string render_reference(std::span<const setting> table);

/// `file` with one setting changed or added, comments and layout kept; what `troupe config set` writes.
/// Refused when the file or the value is not valid.
result<std::string> with_setting(const source& file, std::string_view key, std::string_view value,
                                 std::span<const setting> table = settings_table());

} // namespace troupe::config
