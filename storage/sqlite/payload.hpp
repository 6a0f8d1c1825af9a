#pragma once

#include "storage/sqlite/statement.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::storage {

/// Where a payload was put: in its own row, or in the blob table under the hash of its content.
struct placed_payload {
  std::string_view inline_body;
  std::array<char, 32> hash{};
  bool in_blob = false;

  /// The pair of columns every table with payloads has: body, blob.
  maybe_bytes body() const { return {in_blob ? std::optional<std::string_view>() : inline_body}; }
  maybe_bytes blob() const {
    return {in_blob ? std::optional(std::string_view(hash.data(), hash.size())) : std::nullopt};
  }
};

/// Puts what is larger than the threshold into the blob table, once per content.
class payload_writer {
public:
  payload_writer(connection& db, std::size_t threshold);

  /// `body` must outlive the result.
  placed_payload place(std::string_view body);

private:
  std::size_t threshold_;
  statement insert_;
};

/// Reads what `payload_writer` placed.
class payload_reader {
public:
  explicit payload_reader(connection& db);

  /// The payload whose two columns begin at `column`.
  std::string get(const rows& row, int column);

private:
  statement select_;
};

} // namespace troupe::storage
