#include "storage/postgres/stream_numbers.hpp"

#include <algorithm>
#include <limits>

namespace troupe::storage::postgres {

std::optional<std::uint64_t> stream_numbers::last(const stream& s, std::uint64_t epoch) const {
  const auto from = senders_.find(s.src);
  if (from == senders_.end() || from->second.epoch != epoch)
    return std::nullopt;
  const auto gone = purged_.find(s.dst);
  const auto known = from->second.streams.find({s.dst, s.on});
  if (known != from->second.streams.end() && (gone == purged_.end() || gone->second <= known->second.at))
    return known->second.last;
  if (from->second.all_known && gone == purged_.end())
    return 0;
  return std::nullopt;
}

void stream_numbers::remember(const stream& s, std::uint64_t epoch, std::uint64_t last) {
  sender& from = senders_[s.src];
  if (from.epoch != epoch)
    from = {epoch, false, {}};
  if (from.streams.insert_or_assign({s.dst, s.on}, entry{last, purges_}).second)
    ++count_;
}

void stream_numbers::begin(std::uint64_t src, std::uint64_t epoch) { senders_[src] = {epoch, true, {}}; }

void stream_numbers::forget_receiver(const address& dst) { purged_[dst] = ++purges_; }

void stream_numbers::trim() {
  if (count_ <= limit_ && senders_.size() <= limit_ && purged_.size() <= limit_)
    return;
  senders_.clear();
  purged_.clear();
  count_ = 0;
}

namespace {

std::uint32_t saturated(std::uint64_t n) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(n, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

/// Sets where a stream stands; its sender's sum follows.
void outbox_book::set(const stream& s, span now) {
  const auto at = streams_.find(s);
  const std::uint64_t before = at == streams_.end() ? 0 : at->second.last - at->second.mark;
  const std::uint64_t after = now.last - now.mark;
  sender& from = senders_[s.src];
  from.mail = from.mail - before + after;
  if (after == 0) {
    streams_.erase(s);
    from.to.erase(s.dst);
    if (from.to.empty())
      senders_.erase(s.src);
    return;
  }
  streams_[s] = now;
  from.to.insert(s.dst);
}

void outbox_book::sent(const stream& s, std::uint64_t number) {
  if (s.on != lane::mail)
    return;
  const std::lock_guard hold(mutex_);
  const auto at = streams_.find(s);
  const bool begins =
      at == streams_.end() || number <= at->second.last; // anew, where the receiver was purged
  set(s, {begins ? number - 1 : at->second.mark, number});
}

void outbox_book::settled(const stream& s, std::uint64_t number) {
  const std::lock_guard hold(mutex_);
  const auto at = streams_.find(s);
  if (at != streams_.end())
    set(s, {std::max(at->second.mark, std::min(number, at->second.last)), at->second.last});
}

void outbox_book::found(const stream& s, std::uint64_t first, std::uint64_t last) {
  if (s.on != lane::mail)
    return;
  const std::lock_guard hold(mutex_);
  set(s, {first - 1, last});
}

void outbox_book::forget_sender(std::uint64_t src) {
  const std::lock_guard hold(mutex_);
  const auto from = senders_.find(src);
  if (from == senders_.end())
    return;
  for (const address& dst : from->second.to)
    streams_.erase({src, dst, lane::mail});
  senders_.erase(from);
}

std::uint32_t outbox_book::mail(std::uint64_t src, const address& dst) const {
  const std::lock_guard hold(mutex_);
  const auto at = streams_.find({src, dst, lane::mail});
  return at == streams_.end() ? 0 : saturated(at->second.last - at->second.mark);
}

std::uint32_t outbox_book::mail(std::uint64_t src) const {
  const std::lock_guard hold(mutex_);
  const auto from = senders_.find(src);
  return from == senders_.end() ? 0 : saturated(from->second.mail);
}

std::vector<outbox_book::line> outbox_book::stale(std::size_t limit) {
  const std::lock_guard hold(mutex_);
  std::vector<line> found;
  if (streams_.empty())
    return found;
  const std::size_t buckets = streams_.bucket_count();
  for (std::size_t seen = 0; seen < buckets && found.size() < limit; ++seen) {
    cursor_ = (cursor_ + 1) % buckets;
    for (auto at = streams_.begin(cursor_); at != streams_.end(cursor_); ++at)
      found.push_back({at->first, at->second.last});
  }
  return found;
}

} // namespace troupe::storage::postgres
