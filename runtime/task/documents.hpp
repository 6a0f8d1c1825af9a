#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// The state documents of one agent in memory, and what the current turn changed in them.
class document_map {
public:
  struct change {
    std::optional<std::string> before; // what the turn found; absent: no such document
  };

  void load(std::string key, std::string body);
  const std::string* find(std::string_view key) const;
  void put(std::string_view key, std::string body);
  void erase(std::string_view key);

  /// What changed since the last `settle`, with the values before.
  const std::map<std::string, change, std::less<>>& changes() const noexcept { return changes_; }
  /// Accepts the changes: the turn they belong to is on its way to the journal.
  void settle() { changes_.clear(); }
  /// Undoes the changes: the turn failed.
  void roll_back();

  const std::map<std::string, std::string, std::less<>>& all() const noexcept { return documents_; }
  std::size_t bytes() const noexcept { return bytes_; }

private:
  void remember(std::string_view key);

  std::map<std::string, std::string, std::less<>> documents_;
  std::map<std::string, change, std::less<>> changes_;
  std::size_t bytes_ = 0;
};

} // namespace troupe
