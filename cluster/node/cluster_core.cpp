#include "cluster/node/cluster_core.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

constexpr std::uint32_t hops_max = 2;
constexpr std::size_t drained_at_once = 8;

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

} // namespace

cluster_core::cluster_core(options how, member self, cluster_ports& ports)
    : options_(how)
    , ports_(ports)
    , members_(how.members, self)
    , where_(how.hints)
    , mover_({milliseconds(5'000), how.stopwatch}, self.epoch) {}

void cluster_core::start(instant now) {
  members_.start(now);
  do_membership(now);
}

void cluster_core::tick(instant now) {
  now_ = now;
  members_.tick(now);
  mover_.tick(now);
  std::vector<on_response> late;
  std::erase_if(asked_, [&](auto& a) {
    if (a.second.until > now)
      return false;
    late.push_back(std::move(a.second.done));
    return true;
  });
  for (auto& done : late)
    done(fail(fault::unavailable, "the other node did not answer in time; what came of it is not known",
              "ask again with the same Idempotency-Key"));
  do_membership(now);
  do_moves(now);
}

instant cluster_core::next_tick() const {
  auto next = members_.next_tick();
  for (const auto& [number, a] : asked_)
    next = std::min(next, a.until);
  return next;
}

void cluster_core::do_membership(instant now) {
  now_ = now;
  for (auto& action : members_.take_actions())
    std::visit(overloaded{
                   [&](read_members&) { ports_.read_members(); },
                   [&](put_member& a) { ports_.put_member(std::move(a.row), a.if_expired); },
                   [&](renew_lease&) { ports_.renew_lease(); },
                   [&](send_probe& a) { ports_.send(a.to, a.what); },
                   [&](freeze_agents&) { ports_.freeze_all(); },
                   [&](thaw_agents&) { ports_.thaw_all(); },
                   [&](end_node& a) { ports_.end_node(std::move(a.why), a.fenced); },
                   [&](struct members_changed&) { members_changed(now); },
                   [&](say& a) { ports_.log(std::move(a.sentence)); },
               },
               action);
}

void cluster_core::members_changed(instant now) {
  std::set<node_epoch> living;
  for (const auto& [epoch, m] : members_.members())
    if (m.lives())
      living.insert(epoch);
  for (auto node : lived_) {
    if (living.contains(node))
      continue;
    auto found = members_.members().find(node);
    auto what = found == members_.members().end() ? std::string("gone") : found->second.reason;
    ports_.log("node epoch " + std::to_string(node) + " is no member any more: " + what);
    where_.forget_node(node);
    mover_.node_gone(node, now);
    std::vector<on_response> lost;
    std::erase_if(asked_, [&](auto& a) {
      if (a.second.node != node)
        return false;
      lost.push_back(std::move(a.second.done));
      return true;
    });
    for (auto& done : lost)
      done(fail(fault::unavailable, "the node that was asked is gone; what came of it is not known",
                "ask again with the same Idempotency-Key"));
  }
  for (auto node : living)
    if (!lived_.contains(node) && node != self())
      ports_.log("node " + members_.members().at(node).node + " is a member as epoch " +
                 std::to_string(node));
  lived_ = std::move(living);
  ports_.members_changed();
  do_moves(now);
}

void cluster_core::do_moves(instant now) {
  for (auto actions = mover_.take_actions(); !actions.empty(); actions = mover_.take_actions())
    for (auto& action : actions)
      std::visit(overloaded{
                     [&](send_step& a) { ports_.send(a.to, std::move(a.step)); },
                     [&](freeze_agent& a) { ports_.freeze(a.move, a.id); },
                     [&](thaw_agent& a) { ports_.thaw(a.id); },
                     [&](let_go_agent& a) {
                       where_.learned(a.id, a.to);
                       ports_.let_go(a.id);
                     },
                     [&](take_agent& a) { ports_.take_over(a.from, a.move, a.id, a.epoch); },
                     [&](find_owner& a) { ports_.find_owner(a.move, a.id); },
                 },
                 action);
  drain_on(now);
}

void cluster_core::members_read(const result<journal::member_list>& found, instant now) {
  members_.members_read(found, now);
  do_membership(now);
}

void cluster_core::put_done(node_epoch about, const result<std::uint64_t>& version, instant now) {
  members_.put_done(about, version, now);
  do_membership(now);
}

void cluster_core::renewed(const result<journal::lease_grant>& grant, instant asked_at, instant now) {
  members_.renewed(grant, asked_at, now);
  do_membership(now);
}

void cluster_core::owner_found(std::uint64_t move, const result<std::pair<node_epoch, std::uint64_t>>& row,
                               instant now) {
  mover_.owner_found(move, row, now);
  do_moves(now);
}

void cluster_core::frozen(std::uint64_t move, const result<std::uint64_t>& epoch, instant now) {
  mover_.frozen(move, epoch, now);
  do_moves(now);
}

void cluster_core::took(node_epoch from, std::uint64_t move, const agent_id& id,
                        const result<std::uint64_t>& epoch) {
  if (epoch)
    where_.learned(id, self());
  mover_.took(from, move, id, epoch);
  do_moves(now_);
}

void cluster_core::link_lost(node_epoch peer, instant now) {
  members_.link_lost(peer, now);
  do_membership(now);
}

void cluster_core::received(node_epoch from, message m, instant now) {
  now_ = now;
  if (!members_.lives(from))
    return; // of a node known dead, or not known yet: whatever it says, rows say it too
  std::visit(overloaded{
                 [&](probe_message& p) { members_.received(from, p, now); },
                 [&](peer_notice& n) { notice(from, std::move(n)); },
                 [&](moved& h) { where_.learned(h.id, h.to); },
                 [&](move_step& s) {
                   auto no = s.kind == move_step::what::prepare ? ports_.refusal(s.id) : std::string();
                   mover_.received(from, s, no, now);
                 },
                 [&](request& r) { ports_.serve(from, std::move(r)); },
                 [&](response& r) { response_came(from, std::move(r)); },
             },
             m);
  do_membership(now);
  do_moves(now);
}

/// Whoever sent it is behind: it hears where the agent is, and what it sent goes there.
void cluster_core::notice(node_epoch from, peer_notice what) {
  auto hint = where_.hint(what.id);
  if (hint != 0 && hint != self() && members_.lives(hint) && what.hops < hops_max) {
    ports_.send(from, moved{what.id, hint});
    ++what.hops;
    return ports_.send(hint, std::move(what));
  }
  ports_.arrived(std::move(what));
}

void cluster_core::response_came(node_epoch from, response what) {
  auto at = asked_.find(what.number);
  if (at == asked_.end() || at->second.node != from)
    return; // its patience ran out
  auto done = std::move(at->second.done);
  asked_.erase(at);
  if (auto* problem = std::get_if<error>(&what.body))
    return done(tl::unexpected(std::move(*problem)));
  done(std::move(what.body));
}

std::uint64_t cluster_core::home_of(const agent_id& id) const {
  auto hint = where_.hint(id);
  if (hint != 0 && members_.lives(hint))
    return hint == self() ? peers::here : hint;
  auto where = [this](const agent_id& other) { return where_.hint(other); };
  auto found = place(id, {}, members_.members(), where);
  if (found.node == 0)
    return peers::nowhere;
  return found.node == self() ? peers::here : found.node;
}

void cluster_core::ask(node_epoch node, request_body what, milliseconds patience, on_response done,
                       instant now) {
  if (!members_.lives(node))
    return done(fail(fault::unavailable, "the node that has it is gone", "try again"));
  if (asked_.size() >= options_.requests_max)
    return done(fail(fault::overloaded, "too much is being asked of other nodes", "try again later"));
  auto number = next_request_++;
  asked_[number] = {node, later(now, patience + options_.request_patience), std::move(done)};
  ports_.send(node, request{number, std::move(what)});
}

void cluster_core::answer_to(node_epoch node, std::uint64_t number, response_body what) {
  ports_.send(node, response{number, std::move(what)});
}

const member* cluster_core::named(const std::string& node) const {
  const member* latest = nullptr; // a former incarnation may still be listed
  for (const auto& [epoch, m] : members_.members())
    if (m.node == node && (!latest || m.lives() || !latest->lives()))
      latest = &m;
  return latest;
}

void cluster_core::migrate(const agent_id& id, const std::string& to, answer<move_report> done, instant now) {
  auto* target = named(to);
  if (!target)
    return done(fail(fault::not_found, "no node \"" + to + "\"", "troupe node list"));
  if (target->epoch == self())
    return done(fail(fault::conflict, id.text() + " is on " + to + " already"));
  if (target->state != journal::member_state::up)
    return done(fail(fault::refused, to + " takes no agents: it is not up", "troupe node list"));
  mover_.begin(id, members_.self().node, target->epoch, to, std::move(done), now);
  do_moves(now);
}

void cluster_core::drain(std::vector<agent_id> all, answer<node_order_report> done, instant now) {
  if (draining_)
    return done(fail(fault::conflict, "the node is being drained already"));
  draining_.emplace();
  draining_->left.assign(all.begin(), all.end());
  draining_->report.node = members_.self().node;
  draining_->done = std::move(done);
  drain_on(now);
}

void cluster_core::drain_on(instant now) {
  while (draining_ && !draining_->left.empty() && draining_->under_way < drained_at_once) {
    auto id = draining_->left.front();
    draining_->left.pop_front();
    auto others = members_.members();
    others.erase(self()); // whether its own row says so yet or not
    auto other = place(id, {}, others, [](const agent_id&) { return node_epoch(0); });
    if (other.node == 0) {
      draining_->report.left.emplace_back(id.text(), other.why_not);
      continue;
    }
    ++draining_->under_way;
    mover_.begin(
        id, members_.self().node, other.node, members_.members().at(other.node).node,
        [this, id](result<move_report> came) { after_a_move(id, came, now_); }, now);
    do_moves(now);
  }
  if (!draining_ || draining_->under_way > 0 || !draining_->left.empty())
    return;
  auto over = std::move(*draining_);
  draining_.reset();
  over.report.state = "draining";
  over.done(std::move(over.report));
}

void cluster_core::after_a_move(const agent_id& id, const result<move_report>& came, instant) {
  if (!draining_)
    return;
  --draining_->under_way;
  if (came)
    ++draining_->report.moved;
  else
    draining_->report.left.emplace_back(id.text(), came.error().message);
}

void cluster_core::set_state(node_epoch of, journal::member_state to, std::string reason) {
  members_.set_state(of, to, std::move(reason));
  members_.tick(now_);
  do_membership(now_);
}

} // namespace troupe::cluster
