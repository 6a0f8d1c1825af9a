// The part of the builder that ends lists and maps: merge keys, duplicate keys, the index by key.
#include "config/diagnostic/codes.hpp"
#include "config/document/tree_builder.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::config {
namespace {

// A quoted "<<" is a key like any other.
bool is_merge_key(const slot& key) { return key.text == "<<" && key.style == scalar_style::plain; }

} // namespace

bool tree_builder::close_list(slot& list, const frame& closed) {
  list.nodes = closed.nodes;
  list.text_bytes = closed.text_bytes;
  list.height = closed.height;
  list.size = static_cast<std::uint32_t>(closed.children.size());
  return store_children(list, closed.children);
}

bool tree_builder::close_map(slot& map, frame& closed) {
  ensure(closed.children.size() % 2 == 0, "every key of a map has a value");
  expand_merges(closed);
  map.nodes = closed.nodes;
  map.text_bytes = closed.text_bytes;
  map.height = closed.height;
  map.size = static_cast<std::uint32_t>(closed.children.size() / 2);
  if (!store_children(map, closed.children))
    return false;
  sort_map(map, closed);
  return true;
}

bool tree_builder::store_children(slot& collection, const std::vector<std::uint32_t>& children) {
  // Merges put one slot into many maps, and a parent counts its children only once they end: this array, the
  // memory they take, is bounded at once.
  if (tree_.children.size() + children.size() > bounds_.nodes) {
    report(collection, codes::too_many_nodes,
           "with its merges followed, the document has more than " + std::to_string(bounds_.nodes) +
               " values and keys");
    return false;
  }
  collection.first_child = static_cast<std::uint32_t>(tree_.children.size());
  tree_.children.insert(tree_.children.end(), children.begin(), children.end());
  return true;
}

void tree_builder::sort_map(slot& map, const frame& closed) {
  const auto key_slot = [&](std::uint32_t number) { return closed.children[2 * std::size_t{number}]; };
  const auto key_text = [&](std::uint32_t number) -> std::string_view {
    return target_of(key_slot(number)).text;
  };
  map.first_sorted = static_cast<std::uint32_t>(tree_.sorted.size());
  tree_.sorted.resize(tree_.sorted.size() + map.size);
  const auto begin = tree_.sorted.end() - static_cast<std::ptrdiff_t>(map.size);
  std::iota(begin, tree_.sorted.end(), std::uint32_t{0});
  std::stable_sort(begin, tree_.sorted.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return key_text(a) < key_text(b); });
  for (auto first = begin; first != tree_.sorted.end();) {
    auto next = first + 1;
    for (; next != tree_.sorted.end() && key_text(*next) == key_text(*first); ++next)
      report_duplicate(key_slot(*first), key_slot(*next));
    first = next;
  }
}

void tree_builder::report_duplicate(std::uint32_t first, std::uint32_t again) {
  const slot& key = target_of(again);
  const bool already_refused = key.kind >= node_kind::list || key.text.empty();
  if (already_refused && key.style == scalar_style::plain)
    return;
  const auto place = [this](std::uint32_t index) {
    return tree_.in.between(tree_.slots[index].begin, tree_.slots[index].end);
  };
  diagnostic finding = make_error(tree_.in, place(again), codes::duplicate_key,
                                  "key \"" + key.text + "\" is given twice in this map",
                                  "remove one of them; which one is meant cannot be guessed");
  finding.notes.push_back(make_note(tree_.in, place(first), "first given here"));
  found_.add(std::move(finding));
}

void tree_builder::expand_merges(frame& map) {
  std::vector<std::uint32_t> written;
  std::vector<std::uint32_t> merges; // key and value alternating
  for (std::size_t i = 0; i < map.children.size(); i += 2) {
    auto& to = is_merge_key(tree_.slots[map.children[i]]) ? merges : written;
    to.insert(to.end(), {map.children[i], map.children[i + 1]});
  }
  if (merges.empty())
    return;
  for (std::size_t i = 2; i < merges.size(); i += 2)
    report_duplicate(merges[0], merges[i]);
  std::unordered_set<std::string_view> taken;
  for (std::size_t i = 0; i < written.size(); i += 2)
    taken.insert(target_of(written[i]).text);
  map.children = std::move(written);
  merge_value(map, merges[1], taken);
}

void tree_builder::merge_value(frame& into, std::uint32_t value,
                               std::unordered_set<std::string_view>& taken) {
  const slot& merged = target_of(value);
  if (merged.kind == node_kind::map) {
    merge_map(into, merged, taken);
    return;
  }
  bool all_maps = merged.kind == node_kind::list;
  for (std::uint32_t i = 0; all_maps && i < merged.size; ++i) {
    const slot& item = target_of(tree_.children[merged.first_child + i]);
    all_maps = item.kind == node_kind::map;
    if (all_maps)
      merge_map(into, item, taken);
  }
  if (!all_maps)
    report(tree_.slots[value], codes::bad_merge, "a merge key takes a map or a list of maps, not this",
           "write <<: *anchor, or quote the key if it is not meant to merge");
}

void tree_builder::merge_map(frame& into, const slot& merged, std::unordered_set<std::string_view>& taken) {
  for (std::uint32_t i = 0; i < 2 * merged.size; i += 2) {
    const std::uint32_t key = tree_.children[merged.first_child + i];
    if (taken.insert(target_of(key).text).second)
      into.children.insert(into.children.end(), {key, tree_.children[merged.first_child + i + 1]});
  }
}

} // namespace troupe::config
