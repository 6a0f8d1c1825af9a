#include "config/document/tree.hpp"

#include <algorithm>

namespace troupe::config {

const slot& node::own() const noexcept { return tree_->slots[index_]; }

const slot& node::target() const noexcept { return tree_->slots[own().target]; }

node_kind node::kind() const noexcept { return target().kind; }

bool node::boolean() const {
  ensure(is(node_kind::boolean), "a node read as a boolean is one");
  return target().truth;
}

std::int64_t node::integer() const {
  ensure(is(node_kind::integer), "a node read as an integer is one");
  return target().integer;
}

double node::real() const {
  if (is(node_kind::integer))
    return static_cast<double>(target().integer);
  ensure(is(node_kind::real), "a node read as a real is a number");
  return target().real;
}

std::string_view node::text() const {
  ensure(kind() < node_kind::list, "a node read as text is a scalar");
  return target().text;
}

scalar_style node::style() const noexcept { return target().style; }

std::size_t node::size() const noexcept { return target().size; }

node node::item(std::size_t index) const {
  ensure(is(node_kind::list) && index < size(), "an item is within its list");
  return {tree_, tree_->children[target().first_child + index]};
}

std::vector<node> node::items() const {
  ensure(is(node_kind::list), "a node read as a list is one");
  std::vector<node> all;
  all.reserve(size());
  for (std::size_t i = 0; i < size(); ++i)
    all.push_back(item(i));
  return all;
}

entry node::entry_at(std::size_t index) const {
  ensure(is(node_kind::map) && index < size(), "an entry is within its map");
  const std::size_t first = target().first_child + 2 * index;
  return {node(tree_, tree_->children[first]), node(tree_, tree_->children[first + 1])};
}

std::vector<entry> node::entries() const {
  ensure(is(node_kind::map), "a node read as a map is one");
  std::vector<entry> all;
  all.reserve(size());
  for (std::size_t i = 0; i < size(); ++i)
    all.push_back(entry_at(i));
  return all;
}

std::vector<std::string_view> node::keys() const {
  std::vector<std::string_view> all;
  for (const entry& e : entries())
    all.push_back(e.key.text());
  return all;
}

std::optional<entry> node::find_entry(std::string_view key) const {
  ensure(is(node_kind::map), "a node searched by key is a map");
  const auto begin = tree_->sorted.begin() + target().first_sorted;
  const auto end = begin + static_cast<std::ptrdiff_t>(size());
  const auto found = std::lower_bound(begin, end, key, [this](std::uint32_t number, std::string_view wanted) {
    return entry_at(number).key.text() < wanted;
  });
  if (found == end || entry_at(*found).key.text() != key)
    return std::nullopt;
  return entry_at(*found);
}

std::optional<node> node::find(std::string_view key) const {
  const auto found = find_entry(key);
  return found ? std::optional<node>(found->value) : std::nullopt;
}

range node::where() const { return tree_->in.between(own().begin, own().end); }

std::optional<range> node::where_anchored() const {
  if (own().target == index_)
    return std::nullopt;
  return tree_->in.between(target().begin, target().end);
}

range node::where_text(std::size_t begin, std::size_t end) const {
  ensure(begin <= end && end <= text().size(), "a range of text is within it");
  return tree_->in.between(source_offset(*tree_, target(), begin), source_offset(*tree_, target(), end));
}

const source& node::in() const noexcept { return tree_->in; }

document::document(std::unique_ptr<const tree> parsed) noexcept
    : tree_(std::move(parsed)) {}
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;
document::~document() = default;

node document::root() const noexcept { return {tree_.get(), tree_->root}; }

const source& document::in() const noexcept { return tree_->in; }

} // namespace troupe::config
