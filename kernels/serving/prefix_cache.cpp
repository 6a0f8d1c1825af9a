#include "kernels/serving/prefix_cache.hpp"

#include <algorithm>

namespace troupe::kernels {

std::string prefix_cache::key_of(place parent, std::span<const token_id> tokens) {
  std::string key(reinterpret_cast<const char*>(&parent), sizeof parent);
  return key.append(reinterpret_cast<const char*>(tokens.data()), tokens.size_bytes());
}

const prefix_cache::node* prefix_cache::child_of(place parent, std::span<const token_id> tokens,
                                                 place& at) const {
  const auto found = children_.find(key_of(parent, tokens));
  if (found == children_.end())
    return nullptr;
  at = found->second;
  return &nodes_.at(at);
}

prefix_cache::place prefix_cache::start(adapter_key of) {
  const auto known = starts_.find(of);
  if (known != starts_.end())
    return known->second;
  nodes_[++last_] = node{.of = of};
  return starts_[of] = last_;
}

prefix_cache::beginning prefix_cache::find(adapter_key of, std::span<const token_id> tokens,
                                           std::size_t pages_max) {
  beginning longest{start(of), {}};
  ++clock_;
  while (longest.pages.size() < pages_max) {
    const auto next = tokens.subspan(longest.pages.size() * page_positions, page_positions);
    const auto* child = child_of(longest.at, next, longest.at);
    if (child == nullptr)
      break;
    touch(longest.at);
    pool_.share(child->page);
    longest.pages.push_back(child->page);
  }
  return longest;
}

prefix_cache::known_pages prefix_cache::known(adapter_key of, std::span<const token_id> tokens,
                                              std::size_t pages_max) const {
  known_pages count;
  const auto begin = starts_.find(of);
  if (begin == starts_.end())
    return count;
  auto at = begin->second;
  for (; count.all < pages_max; ++count.all) {
    const auto* child = child_of(at, tokens.subspan(count.all * page_positions, page_positions), at);
    if (child == nullptr)
      break;
    count.held += pool_.owners(child->page) > 1 ? 1 : 0;
  }
  return count;
}

prefix_cache::kept prefix_cache::keep(place behind, std::span<const token_id> tokens, page_id page) {
  const auto parent = nodes_.find(behind);
  if (parent == nodes_.end())
    return {0, page};
  ++clock_;
  place known = 0;
  if (const auto* same = child_of(behind, tokens, known)) {
    touch(known);
    if (same->page != page) { // two texts came to the same: one page of the two will do
      pool_.share(same->page);
      pool_.release(page);
    }
    return {known, same->page};
  }
  if (parent->second.children++ == 0)
    leaves_.erase({parent->second.used, behind});
  pool_.share(page);
  auto key = key_of(behind, tokens);
  children_[key] = ++last_;
  nodes_[last_] = node{behind, std::move(key), page, clock_, 0, parent->second.of};
  leaves_.insert({clock_, last_});
  return {last_, page};
}

void prefix_cache::touch(place at) {
  auto& used = nodes_.at(at);
  if (leaves_.erase({used.used, at}) > 0)
    leaves_.insert({clock_, at});
  used.used = clock_;
}

bool prefix_cache::drop_oldest() {
  const auto oldest = std::ranges::find_if(
      leaves_, [this](const auto& leaf) { return pool_.owners(nodes_.at(leaf.second).page) == 1; });
  if (oldest == leaves_.end())
    return false;
  remove(oldest->second);
  return true;
}

void prefix_cache::remove(place at) {
  const auto gone = nodes_.extract(at).mapped();
  leaves_.erase({gone.used, at});
  children_.erase(gone.key);
  pool_.release(gone.page);
  const auto parent = nodes_.find(gone.parent);
  if (parent == nodes_.end() || --parent->second.children > 0)
    return;
  if (parent->second.parent != 0)
    leaves_.insert({parent->second.used, gone.parent});
}

void prefix_cache::forget(adapter_key of) {
  std::vector<place> gone;
  for (const auto& [at, held] : nodes_)
    if (held.of == of && held.parent != 0)
      gone.push_back(at);
  for (const auto at : gone)
    remove(at);
  if (const auto begin = starts_.find(of); begin != starts_.end()) {
    nodes_.erase(begin->second);
    starts_.erase(begin);
  }
}

std::size_t prefix_cache::droppable() const {
  std::size_t count = 0;
  for (const auto& [at, held] : nodes_)
    count += held.parent != 0 && pool_.owners(held.page) == 1 ? 1 : 0;
  return count;
}

} // namespace troupe::kernels
