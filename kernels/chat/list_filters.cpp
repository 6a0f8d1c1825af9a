#include "kernels/chat/attributes.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/parameters.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/transform.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace troupe::kernels::chat {

namespace {

/// What is already there, as a generator.
class list_source : public iteration {
public:
  explicit list_source(value_list items)
      : items_(std::move(items)) {}
  std::optional<value> next(machine&) override {
    return at_ < items_.size() ? std::optional(items_[at_++]) : std::nullopt;
  }

private:
  value_list items_;
  std::size_t at_ = 0;
};

value generated(value_list items) {
  std::size_t depth = 0;
  for (const auto& item : items)
    depth = std::max(depth, item.depth());
  return std::static_pointer_cast<object>(
      std::make_shared<generator>(std::make_shared<list_source>(std::move(items)), depth + 1));
}

value all_items(machine& with, const value& self, arguments args) {
  const parameters none("list", std::move(args), {});
  return make_list(to_list(with, self));
}

value first(machine& with, const value& self, arguments args) {
  const parameters none("first", std::move(args), {});
  auto item = iterate(self)->next(with);
  return item ? std::move(*item) : value::undefined("No first item, sequence was empty.");
}

void require_reversible(const value& v) {
  if (v.is_object() && v.the_object()->as_list() == nullptr)
    give_up("'" + type_name(v) + "' object is not reversible");
}

value last(machine& with, const value& self, arguments args) {
  const parameters none("last", std::move(args), {});
  require_reversible(self);
  auto items = to_list(with, self);
  return items.empty() ? value::undefined("No last item, sequence was empty.") : std::move(items.back());
}

value length(machine& with, const value& self, arguments args) {
  const parameters none("length", std::move(args), {});
  with.spend(self.is_text() ? self.text().size() / 64 : 0);
  return length_of(self);
}

value reverse(machine& with, const value& self, arguments args) {
  const parameters none("reverse", std::move(args), {});
  if (self.is_text()) {
    auto characters = unicode::decoded(self.text());
    std::string to;
    for (auto c = characters.rbegin(); c != characters.rend(); ++c)
      unicode::append(to, *c);
    return with.text(std::move(to));
  }
  auto items = to_list(with, self);
  std::ranges::reverse(items);
  return self.is_object() ? with.list(std::move(items)) : generated(std::move(items));
}

std::optional<item_path> path_in(const parameters& given, std::size_t at) {
  return given.has(at) && !given.at(at).is_none() ? std::optional<item_path>(given.at(at)) : std::nullopt;
}

value join(machine& with, const value& self, arguments args) {
  const parameters given("join", std::move(args), {"d", "attribute"});
  const auto separator = given.text_or(0, "");
  const auto path = path_in(given, 1);
  std::string all;
  bool is_first = true;
  for (const auto& item : to_list(with, self)) {
    const auto text = to_text(path ? path->of(with, item) : item);
    with.hold(text.size() + separator.size());
    all += (is_first ? "" : separator) + text;
    is_first = false;
  }
  return with.text(std::move(all));
}

/// A key for each item, and the item.
using keyed_items = std::vector<std::pair<value_list, value>>;

bool comes_before(const value_list& a, const value_list& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (const auto order = compare(a[i], b[i], "<"); order != 0)
      return order < 0;
  return false;
}

/// Exceptions may leave a comparison, and a merge sort does not mind.
void sort_keyed(machine& with, keyed_items& items, bool backwards) {
  std::ranges::stable_sort(items, [&](const auto& a, const auto& b) {
    with.spend();
    return backwards ? comes_before(b.first, a.first) : comes_before(a.first, b.first);
  });
}

value_list sort_keys(machine& with, const value& item, const std::vector<item_path>& paths, bool mind_case) {
  value_list keys;
  for (const auto& path : paths)
    keys.push_back(path.of(with, item));
  if (paths.empty())
    keys.push_back(item);
  for (auto& key : keys)
    key = mind_case ? key : without_case(with, key);
  return keys;
}

/// "a.b,c": several paths.
std::vector<item_path> paths_of(const value& attribute) {
  std::vector<item_path> paths;
  if (attribute.is_none())
    return paths;
  if (!attribute.is_text())
    return {item_path(attribute)};
  std::string_view rest = attribute.text();
  for (;;) {
    const auto end = std::min(rest.find(','), rest.size());
    paths.emplace_back(value(rest.substr(0, end)));
    if (end == rest.size())
      return paths;
    rest.remove_prefix(end + 1);
  }
}

value sort(machine& with, const value& self, arguments args) {
  const parameters given("sort", std::move(args), {"reverse", "case_sensitive", "attribute"});
  const auto paths = paths_of(given.value_or(2, {}));
  keyed_items items;
  for (auto& item : to_list(with, self))
    items.emplace_back(sort_keys(with, item, paths, given.flag_or(1, false)), item);
  sort_keyed(with, items, given.flag_or(0, false));
  value_list sorted;
  for (auto& [keys, item] : items)
    sorted.push_back(std::move(item));
  return with.list(std::move(sorted));
}

value dict_sort(machine& with, const value& self, arguments args) {
  const parameters given("dictsort", std::move(args), {"case_sensitive", "by", "reverse"});
  const auto by = given.text_or(1, "key");
  if (by != "key" && by != "value")
    give_up("You can only sort by either \"key\" or \"value\"");
  if (!self.is_mapping())
    give_up("dictsort wants a dict, not " + type_name(self));
  keyed_items items;
  for (const auto& [key, what] : self.entries().entries()) {
    const auto& one = by == "key" ? key : what;
    items.push_back({{given.flag_or(0, false) ? one : without_case(with, one)}, make_tuple({key, what})});
  }
  sort_keyed(with, items, given.flag_or(2, false));
  value_list sorted;
  for (auto& [keys, item] : items)
    sorted.push_back(std::move(item));
  return with.list(std::move(sorted));
}

value unique(machine& with, const value& self, arguments args) {
  const parameters given("unique", std::move(args), {"case_sensitive", "attribute"});
  const auto path = path_in(given, 1);
  std::set<std::string> seen;
  value_list kept;
  for (auto& item : to_list(with, self)) {
    auto key = path ? path->of(with, item) : item;
    if (!given.flag_or(0, false))
      key = without_case(with, key);
    auto name = key_of(key);
    with.hold(name.size());
    if (seen.insert(std::move(name)).second)
      kept.push_back(item);
  }
  return generated(std::move(kept));
}

template<bool Largest>
value extreme(machine& with, const value& self, arguments args) {
  const parameters given("min", std::move(args), {"case_sensitive", "attribute"});
  const auto path = path_in(given, 1);
  std::optional<value> best;
  std::optional<value> best_key;
  for (auto& item : to_list(with, self)) {
    auto key = path ? path->of(with, item) : item;
    if (!given.flag_or(0, false))
      key = without_case(with, key);
    const auto order = best_key ? compare(key, *best_key, Largest ? ">" : "<") : 0;
    if (best_key && (Largest ? order <= 0 : order >= 0))
      continue;
    best = std::move(item);
    best_key = std::move(key);
  }
  return best ? std::move(*best) : value::undefined("No aggregated item, sequence was empty.");
}

value sum(machine& with, const value& self, arguments args) {
  const parameters given("sum", std::move(args), {"attribute", "start"});
  const auto path = path_in(given, 0);
  auto total = given.value_or(1, 0);
  if (total.is_text())
    give_up("sum() can't sum strings");
  for (const auto& item : to_list(with, self))
    total = arithmetic(with, "+", total, path ? path->of(with, item) : item);
  return total;
}

value group_by(machine& with, const value& self, arguments args) {
  const parameters given("groupby", std::move(args), {"attribute", "default", "case_sensitive"});
  item_path path(given.at(0));
  if (given.has(1) && !given.at(1).is_none())
    path.set_otherwise(given.at(1));
  const bool mind_case = given.flag_or(2, false);
  keyed_items items;
  for (auto& item : to_list(with, self)) {
    const auto key = path.of(with, item);
    items.push_back({{mind_case ? key : without_case(with, key)}, item});
  }
  sort_keyed(with, items, false);
  value_list groups;
  for (std::size_t i = 0; i < items.size();) {
    value_list members;
    const auto first_of_group = i;
    for (; i < items.size() && equal(items[i].first[0], items[first_of_group].first[0]); ++i)
      members.push_back(items[i].second);
    const auto grouper = path.of(with, members.front());
    groups.push_back(make_sequence(sequence_kind::group, {grouper, with.list(std::move(members))}));
  }
  return with.list(std::move(groups));
}

value batch(machine& with, const value& self, arguments args) {
  const parameters given("batch", std::move(args), {"linecount", "fill_with"});
  const auto size = given.whole_or(0, 0);
  const bool filled = given.has(1) && !given.at(1).is_none();
  value_list rows;
  value_list row;
  for (auto& item : to_list(with, self)) {
    if (static_cast<std::int64_t>(row.size()) == size)
      rows.push_back(with.list(std::exchange(row, {})));
    row.push_back(std::move(item));
  }
  if (!row.empty()) {
    with.at_most(filled ? size : 0, sizeof(value));
    while (filled && static_cast<std::int64_t>(row.size()) < size)
      row.push_back(given.at(1));
    rows.push_back(with.list(std::move(row)));
  }
  return generated(std::move(rows));
}

value slices(machine& with, const value& self, arguments args) {
  const parameters given("slice", std::move(args), {"slices", "fill_with"});
  const auto items = to_list(with, self);
  const auto count = given.whole_or(0, 0);
  if (count <= 0)
    give_up("integer division or modulo by zero");
  with.at_most(count, 2 * sizeof(value));
  const auto slices = static_cast<std::size_t>(count);
  const auto each = items.size() / slices;
  const auto longer = items.size() % slices;
  value_list rows;
  for (std::size_t i = 0, at = 0; i < slices; ++i) {
    const auto end = at + each + (i < longer ? 1 : 0);
    value_list row(items.begin() + static_cast<std::ptrdiff_t>(at),
                   items.begin() + static_cast<std::ptrdiff_t>(end));
    if (given.has(1) && !given.at(1).is_none() && i >= longer)
      row.push_back(given.at(1));
    rows.push_back(with.list(std::move(row)));
    at = end;
  }
  return generated(std::move(rows));
}

value pairs(machine& with, const value& self, arguments args) {
  const parameters none("items", std::move(args), {});
  value_list all;
  if (!self.is_undefined() && !self.is_mapping())
    give_up("Can only get item pairs from a mapping.");
  if (self.is_mapping())
    for (const auto& [key, what] : self.entries().entries())
      all.push_back(make_tuple({key, what}));
  with.hold(all.size() * 4 * sizeof(value));
  return generated(std::move(all));
}

constexpr std::array<named_function, 17> functions{{{"batch", put_off<batch>},
                                                    {"count", length},
                                                    {"dictsort", dict_sort},
                                                    {"first", first},
                                                    {"groupby", group_by},
                                                    {"items", put_off<pairs>},
                                                    {"join", join},
                                                    {"last", last},
                                                    {"length", length},
                                                    {"list", all_items},
                                                    {"max", extreme<true>},
                                                    {"min", extreme<false>},
                                                    {"reverse", reverse},
                                                    {"slice", put_off<slices>},
                                                    {"sort", sort},
                                                    {"sum", sum},
                                                    {"unique", put_off<unique>}}};

} // namespace

value without_case(machine& with, const value& v) {
  return v.is_text() ? with.text(unicode::to_lower(v.text())) : v;
}

item_path::item_path(const value& attribute) {
  if (!attribute.is_text()) {
    parts_.push_back(attribute);
    return;
  }
  std::string_view rest = attribute.text();
  for (;;) {
    const auto end = std::min(rest.find('.'), rest.size());
    const auto part = rest.substr(0, end);
    const bool digits =
        !part.empty() && part.size() < 10 && part.find_first_not_of("0123456789") == part.npos;
    parts_.push_back(digits ? value(static_cast<std::int64_t>(std::stol(std::string(part)))) : value(part));
    if (end == rest.size())
      return;
    rest.remove_prefix(end + 1);
  }
}

value item_path::of(machine& with, const value& item) const {
  with.spend();
  auto found = item;
  for (const auto& part : parts_) {
    found = get_item(with, found, part);
    if (found.is_undefined() && otherwise_)
      found = *otherwise_;
  }
  return found;
}

builtin::body list_filter(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &named_function::name);
  return found == functions.end() ? nullptr : found->run;
}

} // namespace troupe::kernels::chat
