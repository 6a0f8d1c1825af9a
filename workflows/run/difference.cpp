#include "workflows/run/approvals.hpp"

#include <set>

namespace troupe::workflow {
namespace {

using expression::value_kind;

void add(const std::string& path, const value& from, const value& to, std::vector<value>& into) {
  into.push_back(value::object({{"path", value::text(path)}, {"from", from}, {"to", to}}));
}

void compare(const std::string& path, const value& from, const value& to, std::vector<value>& into);

void compare_maps(const std::string& path, const value& from, const value& to, std::vector<value>& into) {
  std::set<std::string> names;
  for (const auto* map : {&from, &to})
    for (const auto& entry : map->entries())
      if (entry.key.is(value_kind::text))
        names.insert(entry.key.as_text());
  for (const auto& name : names) {
    const auto* before = field(from, name);
    const auto* after = field(to, name);
    compare(path + '/' + name, before ? *before : value(), after ? *after : value(), into);
  }
}

void compare_lists(const std::string& path, const value& from, const value& to, std::vector<value>& into) {
  const auto most = std::max(from.items().size(), to.items().size());
  for (std::size_t i = 0; i < most; ++i)
    compare(path + '/' + std::to_string(i), i < from.items().size() ? from.items()[i] : value(),
            i < to.items().size() ? to.items()[i] : value(), into);
}

void compare(const std::string& path, const value& from, const value& to, std::vector<value>& into) {
  if (from.is(value_kind::map) && to.is(value_kind::map))
    return compare_maps(path, from, to, into);
  if (from.is(value_kind::list) && to.is(value_kind::list))
    return compare_lists(path, from, to, into);
  const bool both_null = from.is_null() && to.is_null();
  if (!both_null && !equal(from, to))
    add(path, from, to, into);
}

} // namespace

value difference(const value& from, const value& to) {
  std::vector<value> found;
  compare("", from, to, found);
  return value::list(std::move(found));
}

} // namespace troupe::workflow
