#include "config/expression/value.hpp"

#include <algorithm>
#include <functional>

namespace troupe::expression {
namespace {

// As CEL does it: beside a double, an int counts as the double nearest to it.
double as_real(const value& v) {
  switch (v.kind()) {
  case value_kind::integer:
    return static_cast<double>(v.as_int());
  case value_kind::unsigned_integer:
    return static_cast<double>(v.as_uint());
  default:
    return v.as_double();
  }
}

std::partial_ordering compare_mixed(std::int64_t a, std::uint64_t b) {
  return a < 0 ? std::partial_ordering::less : std::partial_ordering(static_cast<std::uint64_t>(a) <=> b);
}

std::partial_ordering compare_numbers(const value& a, const value& b) {
  if (a.is(value_kind::real) || b.is(value_kind::real))
    return as_real(a) <=> as_real(b);
  if (a.kind() == b.kind())
    return a.is(value_kind::integer) ? std::partial_ordering(a.as_int() <=> b.as_int())
                                     : std::partial_ordering(a.as_uint() <=> b.as_uint());
  return a.is(value_kind::integer) ? compare_mixed(a.as_int(), b.as_uint())
                                   : 0 <=> compare_mixed(b.as_int(), a.as_uint());
}

bool equal_maps(const value& a, const value& b) {
  // Both ascend, and keys that are equal stand at the same place.
  return std::ranges::equal(a.entries(), b.entries(), [](const map_entry& x, const map_entry& y) {
    return equal(x.key, y.key) && equal(x.item, y.item);
  });
}

std::size_t mix(std::size_t seed, std::size_t more) {
  return (seed ^ more) * 0x9e3779b97f4a7c15ULL + (seed >> 7);
}

} // namespace

bool equal(const value& a, const value& b) {
  if (a.is_number() && b.is_number())
    return compare_numbers(a, b) == std::partial_ordering::equivalent;
  if (a.kind() != b.kind())
    return false;
  switch (a.kind()) {
  case value_kind::null:
    return true;
  case value_kind::list:
    return std::ranges::equal(a.items(), b.items(), equal);
  case value_kind::map:
    return equal_maps(a, b);
  case value_kind::type:
    return a.as_type() == b.as_type();
  default:
    return compare(a, b) == std::partial_ordering::equivalent;
  }
}

std::optional<std::partial_ordering> compare(const value& a, const value& b) {
  if (a.is_number() && b.is_number())
    return compare_numbers(a, b);
  if (a.kind() != b.kind())
    return std::nullopt;
  switch (a.kind()) {
  case value_kind::boolean:
    return a.as_bool() <=> b.as_bool();
  case value_kind::text: // UTF-8 orders by bytes as by code points
    return a.as_text() <=> b.as_text();
  case value_kind::bytes:
    return a.as_bytes() <=> b.as_bytes();
  case value_kind::timestamp:
    return a.as_timestamp() <=> b.as_timestamp();
  case value_kind::duration:
    return a.as_duration() <=> b.as_duration();
  default:
    return std::nullopt;
  }
}

std::size_t hash(const value& v) {
  const auto kind = static_cast<std::size_t>(v.kind());
  switch (v.kind()) {
  case value_kind::null:
    return kind;
  case value_kind::boolean:
    return mix(kind, v.as_bool());
  case value_kind::integer:
  case value_kind::unsigned_integer:
  case value_kind::real: // 1, 1u and 1.0 are one number
    return std::hash<double>{}(as_real(v));
  case value_kind::text:
    return std::hash<std::string>{}(v.as_text());
  case value_kind::bytes:
    return mix(kind, std::hash<std::string>{}(v.as_bytes()));
  case value_kind::type:
    return mix(kind, std::hash<std::string>{}(v.as_type()));
  case value_kind::timestamp:
    return mix(static_cast<std::size_t>(v.as_timestamp().seconds),
               static_cast<std::size_t>(v.as_timestamp().nanos));
  case value_kind::duration:
    return mix(kind, static_cast<std::size_t>(v.as_duration().nanos));
  case value_kind::list:
  case value_kind::map:
    break;
  }
  std::size_t sum = kind;
  if (v.is(value_kind::list)) {
    for (const value& item : v.items())
      sum = mix(sum, hash(item));
  } else {
    for (const map_entry& entry : v.entries())
      sum = mix(mix(sum, hash(entry.key)), hash(entry.item));
  }
  return sum;
}

} // namespace troupe::expression
