#pragma once

#include "storage/postgres/session.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::storage::postgres {

/// Where a payload goes: into its own row, or under the hash of its content.
struct placed_payload {
  std::optional<std::string_view> inline_body;
  std::optional<std::string_view> blob; // the hash; lives as long as the `blob_book`
};

/// The large payloads of one group, each once. They are in the store before the group's statement names them.
class blob_book {
public:
  explicit blob_book(std::size_t threshold)
      : threshold_(threshold) {}

  /// `body` must outlive the book.
  placed_payload place(std::string_view body);
  bool empty() const noexcept { return bodies_.empty(); }
  wire_array hashes() const;

  /// Uploads what is not there in pieces, each a commit of its own, and keeps the rest from being deleted.
  void upload(session& on) const;

private:
  std::size_t threshold_;
  std::map<std::string, std::string_view, std::less<>> bodies_; // by hash
};

} // namespace troupe::storage::postgres
