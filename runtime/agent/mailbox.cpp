#include "runtime/agent/mailbox.hpp"

namespace troupe {

void mailbox::append(lane_state& l, journal::pending_row row) {
  mail m;
  m.at = stream_position{row.sender_birth, row.on, row.number};
  m.what = decode_envelope(row.envelope);
  l.bytes += row.envelope.size();
  m.bytes = std::move(row.envelope);
  l.next[row.sender_birth] = row.number + 1;
  l.queue.push_back(std::move(m));
}

void mailbox::offer(journal::pending_row row) {
  auto& l = side(row.on);
  auto known = l.next.find(row.sender_birth);
  bool unknown = known == l.next.end();
  if (unknown && row.sender_birth <= births_) {
    ++l.missing; // its base is in the store, never in a hint
    return;
  }
  auto expected = unknown ? 1 : known->second;
  if (row.number < expected)
    return;
  if (row.number > expected || !room(l)) {
    ++l.missing;
    return;
  }
  append(l, std::move(row));
}

void mailbox::refill(lane on, journal::pending_window window) {
  auto& l = side(on);
  l.asking = false;
  auto before = l.queue.size();
  for (auto& row : window.rows) {
    auto known = l.next.find(row.sender_birth);
    if (known != l.next.end() && row.number != known->second)
      continue; // already queued or applied, or a gap that the next look will close
    if (!room(l)) {
      ++l.missing;
      break;
    }
    l.cursor = row.sender_birth;
    append(l, std::move(row));
  }
  l.fruitless = !window.complete && l.queue.size() == before;
  if (!window.complete)
    ++l.missing;
  else if (l.looked_for == l.missing)
    l.cursor = 0;
}

bool mailbox::offer_told(told what) {
  std::size_t bytes = 0;
  for (const auto& item : what.items)
    bytes += item.body.size();
  if (told_items_ + what.items.size() > max_.told || told_bytes_ + bytes > max_.told_bytes)
    return false;
  told_items_ += what.items.size();
  told_bytes_ += bytes;
  told_.push_back(std::move(what));
  return true;
}

void mailbox::pop_told() {
  auto& items = told_.front().items;
  told_bytes_ -= items[told_next_].body.size();
  --told_items_;
  if (++told_next_ < items.size())
    return;
  told_next_ = 0;
  told_.pop_front();
}

void mailbox::drop_told() {
  for (auto left = told_.front().items.size() - told_next_; left > 0; --left)
    pop_told();
}

mail* mailbox::head(lane on) {
  auto& l = side(on);
  return l.queue.empty() ? nullptr : &l.queue.front();
}

void mailbox::pop(lane on) {
  auto& l = side(on);
  l.bytes -= l.queue.front().bytes.size();
  l.queue.pop_front();
}

void mailbox::look_again() {
  for (auto& l : lanes_) {
    ++l.missing;
    l.fruitless = false;
  }
}

void mailbox::marks_moved() {
  for (auto& l : lanes_)
    l.fruitless = false;
}

void mailbox::forget_quiet_streams() {
  constexpr std::size_t streams_max = 50'000; // some 3 MB
  for (auto& l : lanes_) {
    if (l.next.size() < streams_max ||
        l.asking) // an answer under way may show rows applied since it was asked for
      continue;
    std::unordered_map<std::uint64_t, std::uint64_t> busy;
    for (const auto& m : l.queue)
      busy[m.at.sender_birth] = l.next[m.at.sender_birth];
    l.next = std::move(busy);
    births_ = UINT64_MAX; // from now on every unknown stream has its base in the store
  }
}

std::optional<lane> mailbox::refill_wanted() {
  for (auto on : {lane::control, lane::mail}) {
    auto& l = side(on);
    bool half_empty = l.queue.size() <= max_.messages / 2 && l.bytes <= max_.bytes / 2;
    if (l.asking || l.fruitless || l.looked_for == l.missing || !half_empty)
      continue;
    l.asking = true;
    l.looked_for = l.missing;
    return on;
  }
  return std::nullopt;
}

} // namespace troupe
