#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace troupe {

/// A queue that takes no memory while it is empty: a std::deque takes more than half a KiB, and every agent
/// has several. What is left in front stays in place, so that it may be walked.
template<class T>
class fifo {
public:
  bool empty() const noexcept { return first_ == items_.size(); }
  std::size_t size() const noexcept { return items_.size() - first_; }
  T& front() { return items_[first_]; }
  const T& front() const { return items_[first_]; }
  T& back() { return items_.back(); }
  auto begin() const { return items_.begin() + static_cast<std::ptrdiff_t>(first_); }
  auto end() const { return items_.end(); }

  void push_back(T value) { items_.push_back(std::move(value)); }

  T take_front() {
    T taken = std::move(items_[first_]);
    pop_front();
    return taken;
  }

  void pop_front() {
    ++first_;
    if (empty())
      return clear();
    items_[first_ - 1] = T(); // what it held goes now, its place later
    if (first_ >= places_left && 2 * first_ >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
  }

  void clear() {
    first_ = 0;
    items_.clear();
    if (items_.capacity() * sizeof(T) > bytes_kept)
      items_.shrink_to_fit();
  }

private:
  static constexpr std::size_t places_left = 32;  // in front, before the rest moves up
  static constexpr std::size_t bytes_kept = 1024; // while it is empty

  std::vector<T> items_;
  std::size_t first_ = 0;
};

} // namespace troupe
