#include "kernels/chat/attributes.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels::chat {

namespace {

builtin::body method_of(const value& of, std::string_view name) {
  if (of.is_text())
    return text_method(name);
  if (of.is_mapping())
    return mapping_method(name);
  if (of.is_sequence() && of.items().kind <= sequence_kind::group)
    return sequence_method(name, of.items().kind == sequence_kind::list);
  return nullptr;
}

value no_attribute(const value& of, const std::string& name) {
  if (of.is_mapping())
    return value::undefined("'dict object' has no attribute " + shown_text(name));
  return value::undefined("'" + type_name(of) + " object' has no attribute " + shown_text(name));
}

/// The place that an index means, or nothing.
std::optional<std::size_t> place(std::int64_t index, std::size_t size) {
  const auto count = static_cast<std::int64_t>(size);
  const auto at = index < 0 ? index + count : index;
  return at >= 0 && at < count ? std::optional(static_cast<std::size_t>(at)) : std::nullopt;
}

std::optional<value> character_at(machine& with, const std::string& text, std::int64_t index) {
  with.spend(text.size() / 64);
  const auto at = place(index, unicode::length(text));
  if (!at)
    return std::nullopt;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < *at; ++i)
    unicode::next(text, byte);
  const auto begin = byte;
  unicode::next(text, byte);
  return with.text(text.substr(begin, byte - begin));
}

std::optional<value> item_of_list(const value_list& items, std::int64_t index) {
  const auto at = place(index, items.size());
  return at ? std::optional(items[*at]) : std::nullopt;
}

std::optional<value> own_item(machine& with, const value& of, const value& key) {
  if (of.is_mapping()) {
    const bool hashable =
        !key.is_mapping() && !(key.is_sequence() && key.items().kind == sequence_kind::list);
    const auto* found = hashable ? of.entries().find_key(key) : nullptr;
    return found != nullptr ? std::optional(*found) : std::nullopt;
  }
  const auto index = key.whole();
  if (!index)
    return std::nullopt;
  if (of.is_text())
    return character_at(with, of.text(), *index);
  const bool indexed = of.is_sequence() &&
                       (of.items().kind <= sequence_kind::group || of.items().kind == sequence_kind::range);
  return indexed ? item_of_list(of.items().items, *index) : std::nullopt;
}

} // namespace

std::optional<value> own_attribute(machine& with, const value& of, const std::string& name) {
  if (of.is_object())
    return of.the_object()->attribute(with, name);
  if (of.is_sequence() && of.items().kind == sequence_kind::group && of.items().items.size() == 2) {
    if (name == "grouper")
      return of.items().items[0];
    if (name == "list")
      return of.items().items[1];
  }
  const auto method = method_of(of, name);
  if (method == nullptr)
    return std::nullopt;
  if (is_forbidden(method))
    return value::undefined("access to attribute " + shown_text(name) + " of " + shown_text(type_name(of)) +
                            " object is unsafe.");
  return value(std::static_pointer_cast<object>(std::make_shared<builtin>("method " + name, method, of)));
}

value get_attribute(machine& with, const value& of, const std::string& name) {
  require_defined(of);
  if (auto found = own_attribute(with, of, name))
    return std::move(*found);
  if (of.is_mapping())
    if (const auto* item = of.entries().find(std::string_view(name)))
      return *item;
  return no_attribute(of, name);
}

value get_item(machine& with, const value& of, const value& key) {
  require_defined(of);
  if (auto found = own_item(with, of, key))
    return std::move(*found);
  if (key.is_text())
    if (auto found = own_attribute(with, of, key.text()))
      return std::move(*found);
  if (key.is_text())
    return no_attribute(of, key.text());
  return value::undefined("'" + type_name(of) + " object' has no element " + shown(key));
}

namespace {

struct slice_bounds {
  std::int64_t first;
  std::int64_t last;
  std::int64_t step;
};

std::int64_t clamped(std::int64_t bound, std::int64_t size, std::int64_t low, std::int64_t high) {
  if (bound < 0)
    bound = bound < -size ? low : std::max(bound + size, low);
  return std::min(bound, high);
}

slice_bounds bounds_of(std::size_t count, const value& first, const value& last, const value& step) {
  const auto size = static_cast<std::int64_t>(count);
  slice_bounds bounds{0, size, step.is_none() ? 1 : to_index(step, "slice step")};
  if (bounds.step == 0)
    give_up("slice step cannot be zero");
  const bool forward = bounds.step > 0;
  const auto low = forward ? std::int64_t{0} : std::int64_t{-1};
  const auto high = forward ? size : size - 1;
  bounds.first =
      first.is_none() ? (forward ? low : high) : clamped(to_index(first, "slice bounds"), size, low, high);
  bounds.last =
      last.is_none() ? (forward ? high : low) : clamped(to_index(last, "slice bounds"), size, low, high);
  return bounds;
}

/// Calls `take` with each place of the slice.
template<class Take>
void each_place(const slice_bounds& bounds, std::size_t size, Take take) {
  const auto limit = static_cast<std::int64_t>(size);
  const auto step =
      std::clamp(bounds.step, -limit - 1, limit + 1); // a longer step leaves after the first place
  for (auto at = bounds.first; step > 0 ? at < bounds.last : at > bounds.last; at += step)
    take(static_cast<std::size_t>(at));
}

} // namespace

value get_slice(machine& with, const value& of, const value& first, const value& last, const value& step) {
  require_defined(of);
  if (of.is_text()) {
    const auto characters = unicode::decoded(of.text());
    with.spend(characters.size() / 16 + 1);
    std::string cut;
    each_place(bounds_of(characters.size(), first, last, step), characters.size(),
               [&](std::size_t at) { unicode::append(cut, characters[at]); });
    return with.text(std::move(cut));
  }
  if (!of.is_sequence() ||
      (of.items().kind > sequence_kind::group && of.items().kind != sequence_kind::range))
    return value::undefined("'" + type_name(of) + " object' has no element slice");
  const auto& items = of.items().items;
  value_list cut;
  each_place(bounds_of(items.size(), first, last, step), items.size(),
             [&](std::size_t at) { cut.push_back(items[at]); });
  with.spend(cut.size() / 16 + 1);
  with.hold(cut.size() * sizeof(value));
  const bool tuple = of.items().kind == sequence_kind::tuple || of.items().kind == sequence_kind::group;
  return tuple ? make_tuple(std::move(cut)) : make_list(std::move(cut));
}

} // namespace troupe::kernels::chat
