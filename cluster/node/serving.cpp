// What the others send and ask, what is sent to them, and what operators order.
#include "cluster/node/system_cluster_parts.hpp"
#include "runtime/host/local_node.hpp"

namespace troupe::cluster {
namespace {

using journal::member_state;

constexpr milliseconds between_looks{50};
constexpr unsigned looks_max = 200;
constexpr milliseconds drain_patience{600'000};
constexpr milliseconds move_patience{30'000};

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

link_lane lane_for(const message& m) {
  return std::holds_alternative<peer_notice>(m) || std::holds_alternative<request>(m) ||
                 std::holds_alternative<response>(m)
             ? link_lane::data
             : link_lane::control;
}

/// Rows are at hand in the store: what is too large for a frame goes without them.
std::string fitting(message m) {
  auto bytes = encode(m);
  if (bytes.size() <= link_limits::message_bytes)
    return bytes;
  if (auto* notice = std::get_if<peer_notice>(&m)) {
    notice->kind = peer_notice::what::wanted;
    notice->row.reset();
    notice->answer = {};
    return encode(m);
  }
  if (auto* answer = std::get_if<response>(&m)) {
    answer->body =
        error{fault::full, "the answer is too large to come from another node", "ask the node that has it"};
    return encode(m);
  }
  return {};
}

member_state wanted_by(node_order what) {
  switch (what) {
  case node_order::cordon:
    return member_state::cordoned;
  case node_order::uncordon:
    return member_state::up;
  case node_order::drain:
    return member_state::draining;
  case node_order::leave:
    return member_state::left;
  }
  return member_state::up;
}

std::string reason_of(node_order what) {
  return what == node_order::uncordon ? ""
         : what == node_order::leave  ? "an operator let it leave"
                                      : "an operator asked for it";
}

} // namespace

asio_hub::events system_cluster::parts::link_events() {
  asio_hub::events on;
  on.received = [this](node_epoch from, link_lane, std::string bytes) {
    auto m = decode_message(bytes);
    if (!m)
      return how.log("warning",
                     "epoch " + std::to_string(from) + " sent what cannot be read: " + m.error().message);
    std::lock_guard guard(lock);
    core->received(from, std::move(*m), now());
  };
  on.lost = [this](node_epoch peer) {
    std::lock_guard guard(lock);
    core->link_lost(peer, now());
  };
  on.lives = [this](node_epoch peer) {
    std::lock_guard guard(lock);
    return core && core->members().lives(peer);
  };
  on.log = how.log;
  return on;
}

void system_cluster::parts::send(node_epoch to, message m) {
  auto lane = lane_for(m);
  if (auto bytes = fitting(std::move(m)); !bytes.empty())
    hub->send(to, lane, std::move(bytes));
}

void system_cluster::parts::arrived(peer_notice what) {
  if (node)
    node->arrived(std::move(what));
}

void system_cluster::parts::freeze_all() {
  frozen = true;
  if (node)
    node->freeze_all();
}

void system_cluster::parts::thaw_all() {
  frozen = false;
  if (node)
    node->thaw_all();
}

void system_cluster::parts::thaw(agent_id id) {
  if (node)
    node->thaw(id);
}

void system_cluster::parts::let_go(agent_id id) {
  if (node)
    node->let_go(id);
}

void system_cluster::parts::serve(node_epoch from, request asked) {
  auto number = asked.number;
  if (!node)
    return core->answer_to(from, number, error{fault::unavailable, "the node is not ready", "try again"});
  auto view = answering<agent_view>(from, number);
  std::visit(
      overloaded{
          [&](inject_request& r) { node->inject(std::move(r), answering<inject_answer>(from, number)); },
          [&](agent_order& r) {
            using verb = agent_order::verb;
            if (r.what == verb::inspect)
              node->inspect(r.id, view);
            else if (r.what == verb::spawn)
              node->spawn(r.id, view);
            else if (r.what == verb::stop)
              node->stop(r.id, r.reason, view);
            else
              node->restart(r.id, r.mode, view);
          },
          [&](look_at& r) { core->answer_to(from, number, node->live(r.ids)); },
          [&](migrate_order& r) { core->migrate(r.id, r.to, answering<move_report>(from, number), now()); },
          [&](drain_order&) {
            core->drain(node->active(), answering<node_order_report>(from, number), now());
          },
      },
      asked.body);
}

void system_cluster::locate(agent_id id, std::function<void(node_epoch)> done) {
  {
    std::unique_lock guard(parts_->lock);
    if (parts_->core->has_heard_of(id)) {
      auto home = parts_->core->home_of(id);
      guard.unlock();
      return done(home);
    }
  }
  auto told = parts_->outside<node_epoch>([done = std::move(done)](result<node_epoch> home) { done(*home); });
  parts_->store.describe(
      id, [weak = parts_->weak_from_this(), id, told](result<journal::loaded_agent> found) {
        auto self = weak.lock();
        if (!self)
          return;
        self->with_core([id, told, owner = found ? found->owner : 0](cluster_core& core, instant) {
          if (core.members().lives(owner))
            core.learned(id, owner);
          told(core.home_of(id));
        });
      });
}

void system_cluster::ask(node_epoch node, request_body what, milliseconds patience,
                         cluster_core::on_response done) {
  auto told = parts_->outside<response_body>(std::move(done));
  parts_->with_core([node, what = std::move(what), patience, told](cluster_core& core, instant now) {
    core.ask(node, what, patience, told, now);
  });
}

/// The agent's row says whose it is: hints may be behind, and a migration asked of the wrong node would fail.
void system_cluster::migrate(agent_id id, std::string to, answer<move_report> done) {
  auto told = parts_->outside<move_report>(std::move(done));
  parts_->store.describe(id, [weak = parts_->weak_from_this(), id, to,
                              told](result<journal::loaded_agent> found) {
    auto self = weak.lock();
    if (!self)
      return;
    if (!found)
      return told(tl::unexpected(found.error()));
    self->with_core([id, to, told, owner = found->owner, self = self.get()](cluster_core& core, instant now) {
      if (owner == self->self_epoch)
        return core.migrate(id, to, told, now);
      core.ask(
          owner, migrate_order{id, to}, move_patience,
          [told](result<response_body> came) {
            if (!came)
              return told(tl::unexpected(came.error()));
            auto* report = std::get_if<move_report>(&*came);
            report ? told(std::move(*report))
                   : told(fail(fault::internal, "a migration was answered strangely"));
          },
          now);
    });
  });
}

/// Looks at the table until it shows the state.
void system_cluster::parts::settle_state(node_epoch of, member_state to, unsigned looks,
                                         answer<std::string> done) {
  const auto& all = core->members().members();
  auto found = all.find(of);
  if (found != all.end() && found->second.state == to)
    return done(found->second.node);
  if (looks == 0 || found == all.end() || !found->second.lives())
    return done(fail(fault::conflict, "the node's state could not be changed in time", "troupe node list"));
  hub->after(between_looks, [weak = weak_from_this(), of, to, looks, done] {
    if (auto self = weak.lock()) {
      std::lock_guard guard(self->lock);
      self->settle_state(of, to, looks - 1, done);
    }
  });
}

void system_cluster::parts::drain_node(node_epoch of, answer<node_order_report> done) {
  if (of == self_epoch)
    return node ? core->drain(node->active(), done, now())
                : done(fail(fault::unavailable, "the node is not ready", "try again"));
  core->ask(
      of, drain_order{}, drain_patience,
      [done](result<response_body> came) {
        if (!came)
          return done(tl::unexpected(came.error()));
        auto* report = std::get_if<node_order_report>(&*came);
        report ? done(std::move(*report)) : done(fail(fault::internal, "a drain was answered strangely"));
      },
      now());
}

void system_cluster::order_node(std::string name, node_order what, answer<node_order_report> done) {
  auto told = parts_->outside<node_order_report>(std::move(done));
  parts_->with_core([p = parts_.get(), name, what, told](cluster_core& core, instant) {
    auto* target = core.named(name);
    if (!target)
      return told(fail(fault::not_found, "no node \"" + name + "\"", "troupe node list"));
    if (!target->lives())
      return told(fail(fault::conflict, name + " has left", "troupe node list"));
    auto of = target->epoch;
    const bool empties = what == node_order::drain || what == node_order::leave;
    auto first = empties ? member_state::draining : wanted_by(what);
    core.set_state(of, first, reason_of(what));
    p->settle_state(of, first, looks_max, [=](result<std::string> settled) {
      if (!settled)
        return told(tl::unexpected(settled.error()));
      if (empties)
        return p->empty_node(of, what, told);
      node_order_report report;
      report.node = name;
      report.state = what == node_order::cordon ? "cordoned" : "up";
      told(std::move(report));
    });
  });
}

/// Everybody moves away; a node that is to leave does so only once nobody is left on it.
void system_cluster::parts::empty_node(node_epoch of, node_order what, answer<node_order_report> done) {
  drain_node(of, [weak = weak_from_this(), of, what, done](result<node_order_report> drained) {
    auto self = weak.lock();
    if (!self || !drained || what != node_order::leave || !drained->left.empty())
      return done(std::move(drained));
    self->core->set_state(of, member_state::left, reason_of(what));
    drained->state = "left";
    done(std::move(drained));
  });
}

} // namespace troupe::cluster
