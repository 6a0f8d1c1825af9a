#include "kernels/tokenizer/merges.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

std::size_t power_above(std::size_t wanted) {
  std::size_t size = 16;
  while (size < wanted)
    size *= 2;
  return size;
}

std::size_t mixed(std::uint64_t pair) noexcept {
  pair *= 0x9e3779b97f4a7c15u;
  return static_cast<std::size_t>(pair ^ (pair >> 29));
}

} // namespace

merge_table::merge_table(std::size_t expected)
    : slots_(power_above(expected * 2)) {}

std::uint64_t merge_table::key(token_id left, token_id right) noexcept {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
         static_cast<std::uint32_t>(right);
}

std::size_t merge_table::place_of(std::uint64_t pair) const noexcept {
  const auto mask = slots_.size() - 1;
  auto at = mixed(pair) & mask;
  while (slots_[at].pair != none && slots_[at].pair != pair)
    at = (at + 1) & mask;
  return at;
}

void merge_table::grow() {
  auto old = std::move(slots_);
  slots_ = std::vector<slot>(power_above(old.size() * 2));
  for (const auto& one : old)
    if (one.pair != none)
      slots_[place_of(one.pair)] = one;
}

void merge_table::add(token_id left, token_id right, merge what, bool replace) {
  if ((used_ + 1) * 2 > slots_.size())
    grow();
  auto& place = slots_[place_of(key(left, right))];
  if (place.pair != none && !replace)
    return;
  used_ += place.pair == none ? 1 : 0;
  place = {key(left, right), what};
}

const merge* merge_table::find(token_id left, token_id right) const noexcept {
  if (left < 0 || right < 0 || slots_.empty())
    return nullptr;
  const auto& place = slots_[place_of(key(left, right))];
  return place.pair == none ? nullptr : &place.what;
}

namespace {

constexpr std::uint32_t nobody = ~std::uint32_t{0};

/// Two neighbours that could be merged when they were put here.
struct candidate {
  std::uint32_t rank;
  std::uint32_t left;
  token_id left_id;
  token_id right_id;
};

struct goes_later {
  bool operator()(const candidate& a, const candidate& b) const noexcept {
    return a.rank != b.rank ? a.rank > b.rank : a.left > b.left;
  }
};

class merger {
public:
  merger(std::vector<symbol>& symbols, const merge_table& table, pair_observer observe, void* whose)
      : symbols_(symbols)
      , table_(table)
      , observe_(observe)
      , whose_(whose)
      , before_(symbols.size())
      , after_(symbols.size()) {
    for (std::uint32_t i = 0; i < symbols.size(); ++i) {
      before_[i] = i == 0 ? nobody : i - 1;
      after_[i] = i + 1 < symbols.size() ? i + 1 : nobody;
    }
  }

  void run() {
    for (std::uint32_t i = 0; i + 1 < symbols_.size(); ++i)
      consider(i);
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), goes_later{});
      const auto best = heap_.back();
      heap_.pop_back();
      if (still_stands(best))
        join(best);
    }
    std::erase_if(symbols_, [](const symbol& one) { return one.size == 0; });
  }

private:
  void consider(std::uint32_t left) {
    const auto right = after_[left];
    const auto left_id = symbols_[left].id;
    const auto right_id = symbols_[right].id;
    const auto* found = table_.find(left_id, right_id);
    if (found == nullptr)
      return;
    if (observe_ != nullptr)
      observe_(whose_, left_id, right_id, found->into);
    heap_.push_back({found->rank, left, left_id, right_id});
    std::push_heap(heap_.begin(), heap_.end(), goes_later{});
  }

  bool still_stands(const candidate& one) const {
    if (symbols_[one.left].size == 0 || symbols_[one.left].id != one.left_id)
      return false;
    const auto right = after_[one.left];
    return right != nobody && symbols_[right].id == one.right_id;
  }

  void join(const candidate& best) {
    const auto left = best.left;
    const auto right = after_[left];
    symbols_[left].id = table_.find(best.left_id, best.right_id)->into;
    symbols_[left].size += symbols_[right].size;
    symbols_[right].size = 0;
    after_[left] = after_[right];
    if (after_[left] != nobody) {
      before_[after_[left]] = left;
      consider(left);
    }
    if (before_[left] != nobody)
      consider(before_[left]);
  }

  std::vector<symbol>& symbols_;
  const merge_table& table_;
  pair_observer observe_;
  void* whose_;
  std::vector<std::uint32_t> before_;
  std::vector<std::uint32_t> after_;
  std::vector<candidate> heap_;
};

} // namespace

void merge_symbols(std::vector<symbol>& symbols, const merge_table& table, pair_observer observe,
                   void* whose) {
  if (symbols.size() > 1)
    merger(symbols, table, observe, whose).run();
}

} // namespace troupe::kernels
