// The half of the simulated node that other nodes see: notices, shards without an owner, moves.
#include "tests/support/sim_node.hpp"

namespace troupe::testing {

bool sim_node::hint_elsewhere(const agent_id& to, const journal::pending_row& row) {
  if (!options_.others)
    return false;
  auto home = options_.others->home_of(to);
  if (home == peers::here || home == peers::nowhere)
    return home == peers::nowhere;
  peer_notice mail;
  mail.kind = peer_notice::what::mail;
  mail.id = to;
  mail.create = row.on == lane::mail;
  mail.row = row;
  options_.others->tell(home, std::move(mail));
  return true;
}

void sim_node::arrived(peer_notice what) {
  if (what.id.kind() == "ingress") {
    auto& shard = shards_[std::stoul(what.id.key())];
    if (shard && what.row)
      hint(what.id, std::move(*what.row));
    return;
  }
  auto* h = find(what.id);
  if (!h) {
    core_->wanted_here(what.id, what.create, what.hops, clock.now());
    return do_node_actions();
  }
  if (what.kind == peer_notice::what::mail && what.row)
    h->cell->deliver(std::move(*what.row));
  else if (what.kind == peer_notice::what::settled)
    h->cell->effect_settled(what.task, what.effect, what.answer);
  else
    h->cell->look_again();
  work(what.id);
}

void sim_node::members_changed() {
  sweep();
  look_after_shards();
}

void sim_node::look_after_shards() {
  for (std::uint32_t i = 0; i < ingress_shard::shards; ++i) {
    auto id = ingress_shard::id_of(i);
    bool asked = (shards_asked_ >> i & 1) != 0;
    if (shards_[i] || asked || options_.others->home_of(id) != peers::here)
      continue;
    shards_asked_ |= std::uint64_t{1} << i;
    store.claim(id, true, [this, i, process = process_](result<journal::loaded_agent> found) {
      if (process == process_)
        shard_found(i, std::move(found));
    });
  }
}

void sim_node::shard_found(std::size_t shard, result<journal::loaded_agent> found) {
  shards_asked_ &= ~(std::uint64_t{1} << shard);
  if (!found || shards_[shard])
    return;
  options_.others->learned(found->id, found->held_by != 0 ? found->held_by : found->owner);
  if (found->held_by != 0)
    return;
  ++shard_lives_[shard];
  shards_[shard] =
      std::make_unique<ingress_shard>(std::move(*found), random_numbers, ingress_shard::options{});
  do_ingress_actions(shard);
}

void sim_node::claimed(const agent_id& id, result<journal::loaded_agent> found) {
  if (auto arriving = arriving_.extract(id.addr()); !arriving.empty()) {
    if (found && found->held_by == 0)
      arriving.mapped()(found->epoch);
    else
      arriving.mapped()(fail(fault::conflict, "not taken"));
  }
  core_->claimed(id, std::move(found), clock.now());
  do_node_actions();
}

void sim_node::set_frozen(bool on) {
  frozen_ = on;
  if (on)
    return;
  for (const auto& [key, h] : hosts_)
    later([this, id = h.cell->id()] { work(id); });
  members_changed();
}

void sim_node::freeze(const agent_id& id, answer<std::uint64_t> done) {
  auto* h = find(id);
  if (!h)
    return done(fail(fault::not_found, id.text() + " is not active"));
  if (h->still)
    return done(fail(fault::conflict, id.text() + " is on its way already"));
  h->cell->freeze();
  h->still = std::move(done);
  later([this, id] { tell_if_still(id); });
}

void sim_node::tell_if_still(const agent_id& id) {
  auto* h = find(id);
  if (h && h->still && h->cell->still())
    std::exchange(h->still, nullptr)(h->cell->epoch());
}

void sim_node::thaw(const agent_id& id) {
  if (auto* h = find(id)) {
    h->still = nullptr;
    h->cell->thaw();
    later([this, id] { work(id); });
  }
}

void sim_node::let_go(const agent_id& id) {
  if (auto* h = find(id)) {
    h->cell->let_go();
    do_cell_actions(id);
  }
}

void sim_node::take_over(const agent_id& id, std::uint64_t owner, std::uint64_t epoch,
                         answer<std::uint64_t> done) {
  if (!core_->take_over(id, owner, epoch))
    return done(fail(fault::conflict, id.text() + " is active here already"));
  arriving_[id.addr()] = std::move(done);
  do_node_actions();
}

std::vector<agent_id> sim_node::active() const {
  std::vector<agent_id> all;
  for (const auto& [key, h] : hosts_)
    all.push_back(h.cell->id());
  return all;
}

} // namespace troupe::testing
