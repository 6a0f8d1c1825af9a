#pragma once

#include "kernels/engine/step_engine.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe::kernels {

/// Which pages of the cache are taken, and by how many: a page may belong to several texts that begin alike.
class page_pool {
public:
  explicit page_pool(std::uint32_t pages);

  /// A page with one owner; nothing if none is left.
  std::optional<page_id> take();
  /// One owner more of a page that is taken.
  void share(page_id page);
  /// One owner less; without any the page is free again.
  void release(page_id page);

  std::uint32_t owners(page_id page) const { return owners_[page]; }
  std::uint32_t left() const noexcept { return static_cast<std::uint32_t>(free_.size()); }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(owners_.size()); }

private:
  std::vector<std::uint32_t> owners_;
  std::vector<page_id> free_; // the last one given back is the next one taken
};

} // namespace troupe::kernels
