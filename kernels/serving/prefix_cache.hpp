#pragma once

#include "kernels/serving/page_pool.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::kernels {

/// Whose keys and values a page holds: those of the base model (0, 0) or of one version of an adapter.
struct adapter_key {
  std::uint64_t id = 0;
  std::uint64_t version = 0;

  auto operator<=>(const adapter_key&) const = default;
};

/// Remembers whole pages by what they hold: the adapter's version, and every token from the beginning of the
/// text on. One owner of each page it knows; pages that nobody else owns are given up, the longest unused
/// first.
class prefix_cache {
public:
  using place = std::uint64_t; // a known beginning; 0: none

  explicit prefix_cache(page_pool& pool)
      : pool_(pool) {}
  prefix_cache(const prefix_cache&) = delete;
  prefix_cache& operator=(const prefix_cache&) = delete;

  struct beginning {
    place at = 0;
    std::vector<page_id> pages; // the caller is one more owner of each
  };
  /// The longest known beginning of a text, of so many pages at most.
  beginning find(adapter_key of, std::span<const token_id> tokens, std::size_t pages_max);
  /// How many pages that would be, and how many of them have other owners already.
  struct known_pages {
    std::size_t all = 0;
    std::size_t held = 0;
  };
  known_pages known(adapter_key of, std::span<const token_id> tokens, std::size_t pages_max) const;

  struct kept {
    place at = 0;
    page_id page; // the one to go on with: another one with the same content if it was known already
  };
  /// Learns a full page behind `behind` (`start` for the first one). Ownership of `page` passes to whoever
  /// owns the page returned. A place that has been forgotten in between learns nothing.
  kept keep(place behind, std::span<const token_id> tokens, page_id page);
  place start(adapter_key of);

  /// Gives up the page that was unused for the longest time; false if all have other owners.
  bool drop_oldest();
  /// Gives up all pages of an adapter that no text can ask for any more.
  void forget(adapter_key of);

  std::size_t pages() const noexcept { return nodes_.size() - starts_.size(); }
  /// How many drop_oldest could give up, one after the other.
  std::size_t droppable() const;

private:
  struct node {
    place parent = 0;
    std::string key = {}; // under which `children_` knows it
    page_id page = 0;
    std::uint64_t used = 0;
    std::size_t children = 0;
    adapter_key of = {};
  };

  static std::string key_of(place parent, std::span<const token_id> tokens);
  const node* child_of(place parent, std::span<const token_id> tokens, place& at) const;
  void touch(place at);
  void remove(place at);

  page_pool& pool_;
  std::map<adapter_key, place> starts_;
  std::unordered_map<place, node> nodes_;
  std::unordered_map<std::string, place> children_;
  std::set<std::pair<std::uint64_t, place>> leaves_; // by their last use
  place last_ = 0;
  std::uint64_t clock_ = 0;
};

} // namespace troupe::kernels
