#pragma once

#include "runtime/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::storage::postgres {

/// Element types, by the numbers PostgreSQL knows them by.
enum class element : std::uint32_t { boolean = 16, bytea = 17, int8 = 20, int2 = 21, int4 = 23, text = 25 };

/// One parameter of a statement: an array in PostgreSQL's binary form, appended to in place. A group of turns
/// goes over in some seventy of these; nothing is quoted or printed.
class wire_array {
public:
  explicit wire_array(element of);

  void number(std::int64_t value);
  void number(std::uint64_t value) { number(static_cast<std::int64_t>(value)); }
  void bytes(std::string_view value);
  void maybe_bytes(const std::optional<std::string_view>& value);
  /// `never` becomes NULL.
  void time(instant value);
  void null();

  std::size_t size() const noexcept { return count_; }
  /// The whole parameter; the array is spent.
  std::string take();

private:
  element of_;
  std::size_t count_ = 0;
  bool nulls_ = false;
  std::string wire_;
};

/// Big-endian numbers, as they stand in parameters and arrays.
void append_number(std::string& to, std::int64_t value, int width);

} // namespace troupe::storage::postgres
