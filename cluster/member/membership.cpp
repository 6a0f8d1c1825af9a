#include "cluster/member/membership.hpp"

#include <algorithm>

namespace troupe::cluster {

using journal::member_state;

membership::membership(options how, member self)
    : options_(how)
    , self_(std::move(self))
    , probes_(how.probes, self_.epoch) {}

bool membership::lives(node_epoch node) const {
  auto found = members_.find(node);
  return found != members_.end() && found->second.lives();
}

std::size_t membership::living() const {
  auto lives = [](const auto& m) { return m.second.lives(); };
  return static_cast<std::size_t>(std::count_if(members_.begin(), members_.end(), lives));
}

void membership::start(instant now) {
  next_read_ = now;
  tick(now);
}

void membership::tick(instant now) {
  last_tick_ = now;
  if (phase_ == phase::ended)
    return;
  if (now >= next_read_ && !reading_) {
    reading_ = true;
    next_read_ = now + options_.read_every;
    actions_.push_back(read_members{});
  }
  next_tick_ = next_read_;
  if (phase_ != phase::serving && phase_ != phase::frozen)
    return;
  if (now >= next_renewal_ && !renewing_) {
    renewing_ = true;
    next_renewal_ = now + options_.renew_every;
    actions_.push_back(renew_lease{});
  }
  const auto last_turn = *lease_from_ + options_.lease - options_.margin;
  if (phase_ == phase::serving && now >= last_turn) {
    phase_ = phase::frozen;
    actions_.push_back(say{"the lease could not be renewed in time: no turn runs until the store answers"});
    actions_.push_back(freeze_agents{});
  }
  probes_.tick(now);
  for (auto& s : probes_.take_sent())
    actions_.push_back(send_probe{s.to, s.what});
  if (!probes_.silent().empty()) // a vote is cast upon a fresh row
    next_read_ = std::min(next_read_, now + options_.read_every / 5);
  next_tick_ = std::min({next_read_, next_renewal_, probes_.next_tick()});
  if (phase_ == phase::serving)
    next_tick_ = std::min(next_tick_, last_turn);
}

void membership::members_read(const result<journal::member_list>& found, instant now) {
  reading_ = false;
  if (!found || phase_ == phase::ended)
    return;
  std::map<node_epoch, member> read;
  std::set<node_epoch> lived, lives;
  for (const auto& [epoch, m] : members_)
    if (m.lives())
      lived.insert(epoch);
  for (const auto& row : found->rows) {
    auto m = from_row(row);
    if (m.lives())
      lives.insert(m.epoch);
    read[m.epoch] = std::move(m);
  }
  const bool cordons_moved = std::any_of(read.begin(), read.end(), [&](const auto& m) {
    auto before = members_.find(m.first);
    return before != members_.end() && before->second.state != m.second.state;
  });
  members_ = std::move(read);
  see_self(*found, now);
  if (phase_ == phase::ended)
    return;
  probes_.watch(lives);
  if (lived != lives || cordons_moved)
    actions_.push_back(members_changed{});
  if (phase_ != phase::serving)
    return;
  declare_former_self_dead();
  declare_expired(found->now, now);
  cast_votes(found->now, now);
  apply_wanted();
}

void membership::see_self(const journal::member_list& found, instant now) {
  auto own = members_.find(self_.epoch);
  if (phase_ == phase::reading) {
    phase_ = phase::joining;
    offset_ = found.now - now;
    self_.since = found.now;
    lease_from_ = now; // the row is written after this
    return put(self_);
  }
  if (own == members_.end())
    return phase_ == phase::joining ? void() : end("its row among the members is gone", true);
  self_ = own->second;
  if (!self_.lives())
    return end(self_.reason, self_.state == member_state::dead);
  if (phase_ != phase::joining)
    return;
  phase_ = phase::serving;
  unbroken_since_ = lease_from_;
  next_renewal_ = now;
  actions_.push_back(thaw_agents{});
}

/// It holds the lock on its data folder: whoever ran under its name before is gone.
void membership::declare_former_self_dead() {
  for (const auto& [epoch, m] : members_) {
    if (!m.lives() || m.node != self_.node || epoch >= self_.epoch)
      continue;
    auto gone = m;
    gone.state = member_state::dead;
    gone.reason = "declared_dead: the node came back as " + std::to_string(self_.epoch);
    put(std::move(gone));
  }
}

/// A store that was away leaves every lease expired: whoever was first to reach it again must give the others
/// the time to do the same.
bool membership::may_judge(instant now) const {
  return phase_ == phase::serving && unbroken_since_ && now - *unbroken_since_ >= options_.lease;
}

void membership::declare_expired(instant store_now, instant now) {
  if (!may_judge(now))
    return;
  for (const auto& [epoch, m] : members_) {
    if (!m.lives() || epoch == self_.epoch || m.lease_until >= store_now)
      continue;
    auto gone = m;
    gone.state = member_state::dead;
    gone.reason = "declared_dead: its lease ran out";
    put(std::move(gone), true);
  }
}

/// With two nodes a vote would be one node's word against the other's: there only the lease decides.
void membership::cast_votes(instant store_now, instant) {
  const auto present = living();
  if (present < 3)
    return;
  for (auto node : probes_.silent()) {
    auto found = members_.find(node);
    if (found == members_.end() || !found->second.lives())
      continue;
    auto judged = found->second;
    std::erase_if(judged.votes,
                  [&](const vote& v) { return v.at + options_.lease < store_now || !lives(v.by); });
    auto mine = [&](const vote& v) { return v.by == self_.epoch; };
    if (std::any_of(judged.votes.begin(), judged.votes.end(), mine))
      continue;
    judged.votes.push_back({self_.epoch, store_now});
    if (judged.votes.size() >= std::min(options_.votes_needed, present - 1)) {
      judged.state = member_state::dead;
      judged.reason = "declared_dead: by votes, silent to those who watch it";
    }
    put(std::move(judged));
  }
}

void membership::set_state(node_epoch of, member_state to, std::string reason) {
  wanted_[of] = {to, std::move(reason)};
  next_read_ = last_tick_; // look at once
  next_tick_ = next_read_;
}

void membership::apply_wanted() {
  std::erase_if(wanted_, [this](const auto& w) {
    auto found = members_.find(w.first);
    return found == members_.end() || !found->second.lives() || found->second.state == w.second.to;
  });
  for (const auto& [epoch, wanted] : wanted_) {
    auto changed = members_.at(epoch);
    changed.state = wanted.to;
    changed.reason = wanted.reason;
    put(std::move(changed));
  }
}

void membership::put(member changed, bool if_expired) {
  if (!putting_.emplace(changed.epoch, changed.version).second)
    return;
  actions_.push_back(put_member{to_row(changed), if_expired});
}

/// Whatever came of it, the next reading shows; a conflict means that somebody else changed the row.
void membership::put_done(node_epoch about, const result<std::uint64_t>& version, instant now) {
  putting_.erase(about);
  if (about == self_.epoch && phase_ == phase::joining && !version && version.error().what != fault::conflict)
    phase_ = phase::reading; // the store was away: from the start
  if (version) {
    next_read_ = now;
    next_tick_ = now;
  }
}

void membership::renewed(const result<journal::lease_grant>& grant, instant asked_at, instant now) {
  renewing_ = false;
  if (phase_ == phase::ended)
    return;
  if (!grant && grant.error().what == fault::fenced)
    return end(grant.error().message, true);
  if (!grant) {
    next_renewal_ = now + options_.renew_every / 10;
    next_tick_ = std::min(next_tick_, next_renewal_);
    return;
  }
  if (!lease_from_ || asked_at - *lease_from_ > options_.lease)
    unbroken_since_ = asked_at;
  lease_from_ = asked_at;
  offset_ = grant->now -
            now; // never ahead of the store's time, however long the answer took: agents' times don't go back
  if (phase_ != phase::frozen || now >= asked_at + options_.lease - options_.margin)
    return;
  phase_ = phase::serving;
  actions_.push_back(say{"the lease is renewed: turns run again"});
  actions_.push_back(thaw_agents{});
}

void membership::received(node_epoch from, const probe_message& what, instant now) {
  probes_.received(from, what, now);
  for (auto& s : probes_.take_sent())
    actions_.push_back(send_probe{s.to, s.what});
}

void membership::link_lost(node_epoch peer, instant) { probes_.lost(peer); }

void membership::end(std::string why, bool fenced) {
  phase_ = phase::ended;
  actions_.push_back(freeze_agents{});
  actions_.push_back(end_node{std::move(why), fenced});
}

} // namespace troupe::cluster
