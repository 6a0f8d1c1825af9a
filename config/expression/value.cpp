#include "config/expression/value.hpp"

#include "config/expression/value_boxes.hpp"
#include "config/result.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace troupe::expression {
namespace {

constexpr std::size_t scalar_weight = 8;

std::size_t saturating(std::size_t a, std::size_t b) {
  std::size_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

bool is_key(const value& v) {
  switch (v.kind()) {
  case value_kind::boolean:
  case value_kind::integer:
  case value_kind::unsigned_integer:
  case value_kind::text:
    return true;
  default:
    return false;
  }
}

// Bools, numbers, strings: keys of different groups are never equal.
int group_of(const value& key) {
  if (key.is(value_kind::boolean))
    return 0;
  return key.is(value_kind::text) ? 2 : 1;
}

bool key_before(const value& a, const value& b) {
  const int group_a = group_of(a), group_b = group_of(b);
  return group_a != group_b ? group_a < group_b : compare(a, b) == std::partial_ordering::less;
}

// 3.0 finds what 3 stands under; what is no whole number of 64 bits finds nothing.
std::optional<value> key_of(double d) {
  if (d != std::trunc(d) || !(d >= -0x1p63 && d < 0x1p64))
    return std::nullopt;
  return d < 0x1p63 ? value::of(static_cast<std::int64_t>(d)) : value::of(static_cast<std::uint64_t>(d));
}

} // namespace

std::string_view to_string(value_kind kind) noexcept {
  constexpr std::array<std::string_view, 12> names{"null",  "bool", "int", "uint",      "double",   "string",
                                                   "bytes", "list", "map", "timestamp", "duration", "type"};
  return names[static_cast<std::size_t>(kind)];
}

value value::text(std::string utf8) {
  return value(store(std::make_shared<const text_box>(text_box{std::move(utf8)})));
}

value value::bytes(std::string raw) {
  return value(store(std::make_shared<const bytes_box>(bytes_box{std::move(raw)})));
}

value value::type(std::string name) {
  return value(store(std::make_shared<const type_box>(type_box{std::move(name)})));
}

value value::list(std::vector<value> items) {
  std::size_t weight = scalar_weight;
  for (const value& item : items)
    weight = saturating(weight, item.weight());
  return value(store(std::make_shared<const list_box>(list_box{std::move(items), weight})));
}

std::optional<value> value::map(std::vector<map_entry> entries) {
  if (!std::ranges::all_of(entries, is_key, &map_entry::key))
    return std::nullopt;
  if (!std::ranges::is_sorted(entries, key_before, &map_entry::key))
    std::ranges::stable_sort(entries, key_before, &map_entry::key);
  std::size_t weight = scalar_weight;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0 && !key_before(entries[i - 1].key, entries[i].key))
      return std::nullopt;
    weight = saturating(weight, saturating(entries[i].key.weight(), entries[i].item.weight()));
  }
  return value(store(std::make_shared<const map_box>(map_box{std::move(entries), weight})));
}

value value::object(std::vector<std::pair<std::string, value>> fields) {
  std::ranges::stable_sort(fields, {}, &std::pair<std::string, value>::first);
  std::vector<map_entry> entries;
  entries.reserve(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i + 1 == fields.size() || fields[i].first != fields[i + 1].first)
      entries.push_back({text(std::move(fields[i].first)), std::move(fields[i].second)});
  }
  auto made = map(std::move(entries));
  ensure(made.has_value(), "names that are sorted and stand once make a map");
  return *std::move(made);
}

const std::string& value::as_text() const { return std::get<shared<text_box>>(held_)->text; }
const std::string& value::as_bytes() const { return std::get<shared<bytes_box>>(held_)->raw; }
const std::string& value::as_type() const { return std::get<shared<type_box>>(held_)->name; }
const std::vector<value>& value::items() const { return std::get<shared<list_box>>(held_)->items; }
const std::vector<map_entry>& value::entries() const { return std::get<shared<map_box>>(held_)->entries; }

const value* value::find(const value& key) const {
  if (key.is(value_kind::real)) {
    const auto whole = key_of(key.as_double());
    return whole ? find(*whole) : nullptr;
  }
  if (!is_key(key))
    return nullptr;
  const auto& all = entries();
  const auto at = std::ranges::lower_bound(all, key, key_before, &map_entry::key);
  return at != all.end() && !key_before(key, at->key) ? &at->item : nullptr;
}

const value* value::find(std::string_view name) const {
  const auto& all = entries();
  const auto at = std::ranges::partition_point(all, [name](const map_entry& entry) {
    return !entry.key.is(value_kind::text) || entry.key.as_text() < name;
  });
  return at != all.end() && at->key.as_text() == name ? &at->item : nullptr;
}

std::size_t value::weight() const noexcept {
  switch (kind()) {
  case value_kind::text:
    return scalar_weight + as_text().size();
  case value_kind::bytes:
    return scalar_weight + as_bytes().size() / 3 * 4;
  case value_kind::list:
    return std::get<shared<list_box>>(held_)->weight;
  case value_kind::map:
    return std::get<shared<map_box>>(held_)->weight;
  default:
    return scalar_weight;
  }
}

} // namespace troupe::expression
