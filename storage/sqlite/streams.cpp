#include "storage/sqlite/streams.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <limits>

namespace troupe::storage {
namespace {

std::uint32_t saturated(std::uint64_t n) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(n, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

stream_state* stream_cache::find(const stream& s) {
  const auto at = known_.find(s);
  return at == known_.end() ? nullptr : &at->second;
}

stream_state& stream_cache::remember(const stream& s, stream_state state) {
  return known_.insert_or_assign(s, state).first->second;
}

void stream_cache::trim() {
  if (known_.size() > limit_)
    known_.clear();
}

void pending_book::add(const stream& s, std::uint64_t count) {
  const std::lock_guard hold(mutex_);
  sender& of = senders_[s.src];
  (s.on == lane::mail ? of.mail : of.control) += count;
  if (s.on == lane::mail)
    mail_streams_[s] += count;
  total_ += count;
}

void pending_book::remove(const stream& s, std::uint64_t count) {
  const std::lock_guard hold(mutex_);
  const auto of = senders_.find(s.src);
  ensure(of != senders_.end(), "only rows that were counted leave an outbox");
  std::uint64_t& in_lane = s.on == lane::mail ? of->second.mail : of->second.control;
  ensure(in_lane >= count && total_ >= count, "no outbox holds less than nothing");
  in_lane -= count;
  total_ -= count;
  if (of->second.mail == 0 && of->second.control == 0)
    senders_.erase(of);
  if (s.on != lane::mail)
    return;
  const auto in_stream = mail_streams_.find(s);
  ensure(in_stream != mail_streams_.end() && in_stream->second >= count,
         "a stream holds what its sender holds");
  in_stream->second -= count;
  if (in_stream->second == 0)
    mail_streams_.erase(in_stream);
}

std::uint32_t pending_book::mail(std::uint64_t src, const address& dst) const {
  const std::lock_guard hold(mutex_);
  const auto at = mail_streams_.find({src, dst, lane::mail});
  return at == mail_streams_.end() ? 0 : saturated(at->second);
}

std::uint32_t pending_book::mail(std::uint64_t src) const {
  const std::lock_guard hold(mutex_);
  const auto at = senders_.find(src);
  return at == senders_.end() ? 0 : saturated(at->second.mail);
}

std::uint64_t pending_book::all(std::uint64_t src) const {
  const std::lock_guard hold(mutex_);
  const auto at = senders_.find(src);
  return at == senders_.end() ? 0 : at->second.mail + at->second.control;
}

std::uint64_t pending_book::total() const {
  const std::lock_guard hold(mutex_);
  return total_;
}

} // namespace troupe::storage
