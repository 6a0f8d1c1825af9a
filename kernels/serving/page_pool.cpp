#include "kernels/serving/page_pool.hpp"

namespace troupe::kernels {

page_pool::page_pool(std::uint32_t pages)
    : owners_(pages) {
  for (auto page = pages; page > 0; --page)
    free_.push_back(page - 1);
}

std::optional<page_id> page_pool::take() {
  if (free_.empty())
    return std::nullopt;
  const auto page = free_.back();
  free_.pop_back();
  owners_[page] = 1;
  return page;
}

void page_pool::share(page_id page) {
  ensure(owners_[page] > 0, "only a page that is taken can be shared");
  ++owners_[page];
}

void page_pool::release(page_id page) {
  ensure(owners_[page] > 0, "a page is given back once by each owner");
  if (--owners_[page] == 0)
    free_.push_back(page);
}

} // namespace troupe::kernels
