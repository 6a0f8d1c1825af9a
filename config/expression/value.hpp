#pragma once

#include "config/expression/moment.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::expression {

/// In the order of the alternatives of `value`.
enum class value_kind : std::uint8_t {
  null,
  boolean,
  integer,          // int: 64 bits with a sign
  unsigned_integer, // uint
  real,             // double
  text,             // string, UTF-8
  bytes,
  list,
  map,
  timestamp,
  duration,
  type // what type(x) gives
};

/// As `troupe expr` and type errors say it: int, uint, double, string, null…
std::string_view to_string(value_kind kind) noexcept;

struct map_entry;

/// What an expression reads and gives: immutable, cheap to copy (24 bytes, the rest is shared), safe to hand
/// to another thread. Maps have keys of bool, int, uint or string and go through them in one fixed order,
/// whatever order they were written in, so that a replay sees what the first run saw.
class value {
public:
  value() = default; // null
  static value of(bool b) { return value(store(b)); }
  static value of(std::int64_t i) { return value(store(i)); }
  static value of(std::uint64_t u) { return value(store(u)); }
  static value of(double d) { return value(store(d)); }
  static value of(timestamp t) { return value(store(t)); }
  static value of(duration d) { return value(store(d)); }
  static value text(std::string utf8);
  static value bytes(std::string raw);
  static value list(std::vector<value> items);
  /// What type(x) gives; `name` as CEL writes it: int, null_type, google.protobuf.Timestamp.
  static value type(std::string name);
  /// Nothing when a key is of a kind that keys cannot be of, or stands twice (1, 1u and 1.0 are the same
  /// key).
  static std::optional<value> map(std::vector<map_entry> entries);
  /// A map of named fields; of two with one name the later one counts.
  static value object(std::vector<std::pair<std::string, value>> fields);

  value_kind kind() const noexcept { return static_cast<value_kind>(held_.index()); }
  bool is(value_kind kind) const noexcept { return this->kind() == kind; }
  bool is_null() const noexcept { return is(value_kind::null); }
  bool is_number() const noexcept { return kind() >= value_kind::integer && kind() <= value_kind::real; }

  // Each requires its kind.
  bool as_bool() const { return std::get<bool>(held_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(held_); }
  std::uint64_t as_uint() const { return std::get<std::uint64_t>(held_); }
  double as_double() const { return std::get<double>(held_); }
  timestamp as_timestamp() const { return std::get<timestamp>(held_); }
  duration as_duration() const { return std::get<duration>(held_); }
  const std::string& as_text() const;  // of a string
  const std::string& as_bytes() const; // of bytes
  const std::string& as_type() const;  // the name of a type
  const std::vector<value>& items() const;
  const std::vector<map_entry>& entries() const; // ascending: bools, then numbers, then strings

  /// The item under a key of a map, or under a name; null when there is none.
  const value* find(const value& key) const;
  const value* find(std::string_view name) const;

  /// About how many bytes it would take as JSON, shared parts counted each time: what limits are held
  /// against.
  std::size_t weight() const noexcept;

private:
  struct text_box;
  struct bytes_box;
  struct type_box;
  struct list_box;
  struct map_box;
  template<class T>
  using shared = std::shared_ptr<const T>;
  using store = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, shared<text_box>,
                             shared<bytes_box>, shared<list_box>, shared<map_box>, timestamp, duration,
                             shared<type_box>>;
  explicit value(store held)
      : held_(std::move(held)) {}

  store held_;
};

struct map_entry {
  value key;
  value item;
};

/// CEL's equality: numbers compare by what they stand for, across kinds; other kinds differ; NaN equals
/// nothing.
bool equal(const value& a, const value& b);

/// The order of two numbers, strings, bytes, bools, timestamps or durations; nothing when they have none
/// (`unordered` when one of them is NaN).
std::optional<std::partial_ordering> compare(const value& a, const value& b);

/// Equal values hash alike.
std::size_t hash(const value& v);

} // namespace troupe::expression
