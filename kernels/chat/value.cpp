#include "kernels/chat/value.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/object.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace troupe::kernels::chat {

namespace {

constexpr std::size_t linear_search_max = 8;

std::size_t checked_depth(std::size_t depth) {
  if (depth > value_depth_max)
    give_up("values are nested too deeply");
  return depth;
}

std::string shortest(double number) {
  std::string digits(32, '\0');
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  digits.resize(static_cast<std::size_t>(end - digits.data()));
  return digits;
}

} // namespace

value value::undefined(std::string why) {
  value made;
  made.held_ = missing{std::make_shared<const std::string>(std::move(why))};
  return made;
}

value value::large_integer(std::string digits) {
  value made;
  made.held_ = large{std::make_shared<const std::string>(std::move(digits))};
  return made;
}

std::optional<std::int64_t> value::whole() const noexcept {
  if (const auto* flag = std::get_if<bool>(&held_))
    return *flag ? 1 : 0;
  if (const auto* number = std::get_if<std::int64_t>(&held_))
    return *number;
  return std::nullopt;
}

std::optional<double> value::number() const noexcept {
  if (const auto* real = std::get_if<double>(&held_))
    return *real;
  const auto integer = whole();
  return integer ? std::optional(static_cast<double>(*integer)) : std::nullopt;
}

std::size_t value::depth() const noexcept {
  if (is_sequence())
    return items().depth;
  if (is_mapping())
    return entries().depth();
  return is_object() ? the_object()->depth() : 0;
}

value make_sequence(sequence_kind kind, value_list items) {
  auto made = std::make_shared<sequence>();
  std::size_t depth = 0;
  for (const auto& item : items)
    depth = std::max(depth, item.depth());
  made->kind = kind;
  made->depth = checked_depth(depth + 1);
  made->items = std::move(items);
  return std::shared_ptr<const sequence>(std::move(made));
}

value make_list(value_list items) { return make_sequence(sequence_kind::list, std::move(items)); }
value make_tuple(value_list items) { return make_sequence(sequence_kind::tuple, std::move(items)); }

value make_mapping(mapping entries) { return std::make_shared<const mapping>(std::move(entries)); }

std::string key_of(const value& key) {
  if (key.is_text())
    return "s" + key.text();
  if (const auto integer = key.whole())
    return "i" + std::to_string(*integer);
  if (key.is_real()) {
    const auto real = key.real();
    const bool integral = std::trunc(real) == real && std::abs(real) < 9e18;
    return integral ? "i" + std::to_string(static_cast<std::int64_t>(real)) : "f" + shortest(real);
  }
  if (key.is_none())
    return "n";
  if (key.is_undefined())
    return "u";
  if (key.is_sequence() && key.items().kind == sequence_kind::tuple) {
    std::string all = "(";
    for (const auto& item : key.items().items) {
      const auto part = key_of(item);
      all += std::to_string(part.size()) + ":" + part;
    }
    return all;
  }
  if (key.is_object())
    return "o" + std::to_string(reinterpret_cast<std::uintptr_t>(key.the_object().get()));
  if (const auto* large = std::get_if<value::large>(&key.held()))
    return "i" + *large->digits;
  give_up("a list or a dict is no key");
}

std::optional<std::size_t> mapping::place_of(std::string_view key) const {
  if (entries_.size() > linear_search_max) {
    const auto found = places_.find("s" + std::string(key));
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].first.is_text() && entries_[i].first.text() == key)
      return i;
  return std::nullopt;
}

std::optional<std::size_t> mapping::place_of(const value& key) const {
  if (key.is_text())
    return place_of(std::string_view(key.text()));
  const auto wanted = key_of(key);
  if (entries_.size() > linear_search_max) {
    const auto found = places_.find(wanted);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (!entries_[i].first.is_text() && key_of(entries_[i].first) == wanted)
      return i;
  return std::nullopt;
}

const value* mapping::find(std::string_view key) const {
  const auto place = place_of(key);
  return place ? &entries_[*place].second : nullptr;
}

const value* mapping::find_key(const value& key) const {
  const auto place = place_of(key);
  return place ? &entries_[*place].second : nullptr;
}

void mapping::set(value key, value what) {
  depth_ = checked_depth(std::max({depth_, key.depth() + 1, what.depth() + 1}));
  if (const auto place = place_of(key)) {
    entries_[*place].second = std::move(what);
    return;
  }
  const auto name = key_of(key);
  entries_.emplace_back(std::move(key), std::move(what));
  if (entries_.size() == linear_search_max + 1)
    for (std::size_t i = 0; i < entries_.size(); ++i)
      places_.emplace(key_of(entries_[i].first), i);
  else if (entries_.size() > linear_search_max)
    places_.emplace(name, entries_.size() - 1);
}

} // namespace troupe::kernels::chat
