#include "cluster/member/probing.hpp"

namespace troupe::cluster {
namespace {

constexpr unsigned rounds_for_an_errand = 1; // an indirect probe has that many intervals to come back
constexpr std::size_t errands_max = 256;

} // namespace

void probing::watch(const std::set<node_epoch>& living) {
  living_ = living;
  std::set<node_epoch> ring;
  auto at = living_.upper_bound(self_);
  for (std::size_t i = 0; i < living_.size() && ring.size() < options_.neighbours; ++i, ++at) {
    if (at == living_.end())
      at = living_.begin();
    if (*at != self_)
      ring.insert(*at);
  }
  std::erase_if(neighbours_, [&](const auto& n) { return !ring.contains(n.first); });
  for (auto node : ring)
    neighbours_.try_emplace(node);
}

void probing::forget_misses() {
  for (auto& [node, n] : neighbours_)
    n = {};
}

void probing::tick(instant now) {
  if (now < next_)
    return;
  if (last_ != instant{} && now - last_ > 3 * options_.every)
    forget_misses();
  last_ = now;
  next_ = now + options_.every;
  if (errands_.size() > errands_max)
    errands_.clear(); // whoever waits for one asks again
  for (auto& [node, n] : neighbours_)
    probe(node, n);
}

void probing::probe(node_epoch to, neighbour& n) {
  n.missed += n.waits;
  n.waits = true;
  sent_.push_back({to, {probe_message::what::probe, ++number_, 0}});
  if (n.missed < options_.missed_max)
    return;
  ++n.asked_rounds;
  ask_others(to);
}

void probing::ask_others(node_epoch about) {
  std::size_t asked = 0;
  for (auto node : living_) {
    if (node == self_ || node == about || asked == options_.asked)
      continue;
    sent_.push_back({node, {probe_message::what::ask_about, ++number_, about}});
    ++asked;
  }
}

void probing::received(node_epoch from, const probe_message& m, instant) {
  using what = probe_message::what;
  if (auto n = neighbours_.find(from); n != neighbours_.end())
    n->second = {}; // whatever it says, it lives
  if (m.kind == what::probe)
    sent_.push_back({from, {what::answer, m.number, 0}});
  if (m.kind == what::ask_about && living_.contains(m.about)) {
    errands_[{m.about, ++number_}] = {from, m.number};
    sent_.push_back({m.about, {what::probe, number_, 0}});
  }
  if (m.kind == what::answer) {
    auto done = errands_.extract({from, m.number});
    if (!done.empty())
      sent_.push_back({done.mapped().for_node, {what::found, done.mapped().their_number, from}});
  }
  if (m.kind == what::found)
    if (auto n = neighbours_.find(m.about); n != neighbours_.end())
      n->second.asked_rounds = 0;
}

void probing::lost(node_epoch peer) {
  if (auto n = neighbours_.find(peer); n != neighbours_.end())
    n->second.missed = std::max(n->second.missed, options_.missed_max);
}

std::vector<node_epoch> probing::silent() const {
  std::vector<node_epoch> found;
  for (const auto& [node, n] : neighbours_)
    if (n.missed >= options_.missed_max && n.asked_rounds > rounds_for_an_errand)
      found.push_back(node);
  return found;
}

} // namespace troupe::cluster
