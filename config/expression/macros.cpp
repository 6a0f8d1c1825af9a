#include "config/expression/evaluator.hpp"

namespace troupe::expression {

/// What a macro goes through: the items of a list, or the keys of a map.
struct evaluator::elements {
  const std::vector<value>* items = nullptr;
  const std::vector<map_entry>* entries = nullptr;

  std::size_t size() const noexcept { return items ? items->size() : entries->size(); }
  const value& operator[](std::size_t i) const { return items ? (*items)[i] : (*entries)[i].key; }
};

tl::expected<evaluator::elements, refusal> evaluator::range_of(const node& n, value& spare) {
  const node_id range = tree_.children_of(n)[0];
  auto found = locate(range, spare);
  if (!found)
    return tl::unexpected(std::move(found.error()));
  if ((*found)->is(value_kind::list))
    return elements{&(*found)->items(), nullptr};
  if ((*found)->is(value_kind::map))
    return elements{nullptr, &(*found)->entries()};
  return at(tree_.at(range).at, reject(code::no_overload, std::string(tree_.text_of(n.mark)) +
                                                              " goes through a list or a map, not " +
                                                              std::string(to_string((*found)->kind())))
                                    .value());
}

outcome evaluator::macro(const node& n) {
  value spare; // what the elements point into
  auto range = range_of(n, spare);
  if (!range)
    return tl::unexpected(std::move(range.error()));
  switch (n.kind) {
  case node_kind::all:
    return all_or_any(n, *range, false);
  case node_kind::exists:
    return all_or_any(n, *range, true);
  case node_kind::exists_one:
    return exists_one(n, *range);
  default:
    return collect(n, *range);
  }
}

// As && and || over all elements: one that decides outweighs others that fail.
outcome evaluator::all_or_any(const node& n, const elements& range, bool deciding) {
  refusal refused;
  for (std::size_t i = 0; i < range.size(); ++i) {
    locals_[n.index] = &range[i];
    auto holds = condition(tree_.children_of(n)[1]);
    if (holds && holds->as_bool() == deciding)
      return holds;
    if (!holds && is_final(holds.error()->what))
      return holds;
    if (!holds && !refused)
      refused = std::move(holds.error());
  }
  if (refused)
    return tl::unexpected(std::move(refused));
  return value::of(!deciding);
}

outcome evaluator::exists_one(const node& n, const elements& range) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < range.size(); ++i) {
    locals_[n.index] = &range[i];
    auto holds = condition(tree_.children_of(n)[1]);
    if (!holds)
      return holds;
    count += holds->as_bool() ? 1 : 0;
  }
  return value::of(count == 1);
}

// filter keeps elements; map puts something in their place, of all or of those that a condition keeps.
outcome evaluator::collect(const node& n, const elements& range) {
  const auto parts = tree_.children_of(n);
  const bool keeps = n.kind == node_kind::filter;
  const bool has_condition = keeps || parts.size() == 3;
  std::vector<value> items;
  for (std::size_t i = 0; i < range.size(); ++i) {
    locals_[n.index] = &range[i];
    if (has_condition) {
      auto holds = condition(parts[1]);
      if (!holds)
        return holds;
      if (!holds->as_bool())
        continue;
    }
    auto item = keeps ? outcome(range[i]) : evaluate(parts.back());
    if (!item)
      return item;
    items.push_back(*std::move(item));
  }
  return spent_.accept(value::list(std::move(items)));
}

} // namespace troupe::expression
