#include "runtime/host/agent_host.hpp"

#include "runtime/base/fault_point.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace troupe::host {
namespace {

constexpr std::size_t turns_per_slice = 64; // then others may run
constexpr milliseconds longest_wake{3'600'000};

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

} // namespace

agent_host::agent_host(caf::actor_config& config, node_shared& node, journal::loaded_agent found,
                       std::string fail_with, std::shared_ptr<live_state> live)
    : caf::event_based_actor(config)
    , node_(node)
    , fail_with_(std::move(fail_with))
    , live_(std::move(live)) {
  agent_cell::options how;
  how.unsafe_open_gate = node.options.unsafe_open_gate;
  how.kept = node.options.agents_kept;
  name_ = found.id.text();
  auto* kind = node.kinds.find(found.id.kind());
  cell_ = std::make_unique<agent_cell>(kind, static_cast<cell_services&>(*this), std::move(found), how);
}

agent_host::~agent_host() = default;

caf::behavior agent_host::make_behavior() {
  return {[this](host_input& in) { take(in); }};
}

void agent_host::take(host_input& in) {
  auto now = node_.clock.now();
  if (leaving_) { // what still arrives is in the store: somebody must look there again
    if (std::holds_alternative<in_farewell>(in.what)) {
      tell_node_it_ended();
      quit();
    } else if (auto* done = std::get_if<in_committed>(&in.what)) {
      cell_->committed(done->turn, done->receipt, now);
      do_actions();
      say_farewell_if_all_is_told();
    } else if (auto* row = std::get_if<in_deliver>(&in.what)) {
      node_.want(cell_->id(), row->row.on == lane::mail);
    } else if (auto* late = std::get_if<in_told>(&in.what)) {
      node_.route_told(std::move(late->what));
    } else if (std::holds_alternative<in_settled>(in.what)) {
      node_.want(cell_->id(), false);
    } else if (auto* operate = std::get_if<in_operate>(&in.what)) {
      operate->what(*cell_, now);
    } else if (auto* freeze = std::get_if<in_freeze>(&in.what)) {
      freeze->done(fail(fault::conflict, name_ + " is leaving its activation", "try again"));
    }
    return;
  }
  std::visit(
      overloaded{
          [&](in_begin&) { fail_with_.empty() ? cell_->begin(now) : cell_->give_up(fail_with_, now); },
          [&](in_deliver& i) { cell_->deliver(std::move(i.row)); },
          [&](in_told& i) { cell_->deliver_told(std::move(i.what)); },
          [&](in_refilled& i) {
            cell_->refilled(i.on, i.window ? std::move(*i.window) : journal::pending_window{{}, false});
          },
          [&](in_committed& i) { cell_->committed(i.turn, i.receipt, now); },
          [&](in_settled& i) {
            cell_->effect_settled(std::move(i.task), std::move(i.effect), std::move(i.answer));
          },
          [&](in_wake&) { armed_ = never; },
          [&](in_more&) { more_sent_ = false; },
          [&](in_look_again&) { cell_->look_again(); },
          [&](in_passivate&) { cell_->passivate(now); },
          [&](in_stop&) { cell_->stand_down(); },
          [&](in_operate& i) { i.what(*cell_, now); },
          [&](in_effects& i) { cell_->effects_read(i.rows); },
          [&](in_freeze& i) { freeze(std::move(i.done)); },
          [&](in_thaw&) {
            still_ = nullptr;
            cell_->thaw();
          },
          [&](in_let_go&) { cell_->let_go(); },
          [](auto&) {},
      },
      in.what);
  work();
}

void agent_host::work() {
  auto now = node_.clock.now();
  bool more = !over_ && !node_.frozen && cell_->work(now, turns_per_slice);
  do_actions();
  publish(now);
  tell_if_still();
  if (!first_turn_told_ && cell_->first_turn_over()) {
    first_turn_told_ = true;
    if (!node_.suspects.empty())
      caf::anon_send(node_.node, node_input{node_turn_ended{cell_->id()}});
  }
  if (over_)
    return leave();
  if (more && !more_sent_) {
    more_sent_ = true;
    send(this, host_input{in_more{}});
  }
  arm_wake(now);
}

void agent_host::leave() {
  leaving_ = true;
  node_.hosts.remove(cell_->id(), caf::actor_cast<caf::actor>(this));
  say_farewell_if_all_is_told();
}

/// Nothing follows a cell that is over, but turns handed in before its end still become durable, and nobody
/// else begins what they ask for: their effects have this node for executor, and it lives.
void agent_host::say_farewell_if_all_is_told() {
  if (!cell_->in_flight())
    send(this, host_input{in_farewell{}});
}

void agent_host::freeze(answer<std::uint64_t> done) {
  if (still_)
    return done(fail(fault::conflict, name_ + " is on its way already"));
  cell_->freeze();
  still_ = std::move(done);
}

void agent_host::tell_if_still() {
  if (!still_ || (!over_ && !cell_->still()))
    return;
  auto told = std::exchange(still_, nullptr);
  if (over_)
    return told(fail(fault::conflict, name_ + " ended its activation: " + over_->problem, "try again"));
  told(cell_->epoch());
}

void agent_host::tell_node_it_ended() {
  if (over_->ended == cell_over::how::crashed)
    caf::anon_send(node_.node, node_input{node_crashed{cell_->id(), over_->poisoned, over_->problem}});
  else if (over_->ended == cell_over::how::retired)
    caf::anon_send(node_.node, node_input{node_retired{cell_->id(), cell_->epoch()}});
  else
    caf::anon_send(node_.node, node_input{node_ended{cell_->id(), over_->ended == cell_over::how::moved
                                                                      ? never // time wakes it where it is now
                                                                      : cell_->next_wake()}});
}

void agent_host::do_actions() {
  for (auto& action : cell_->take_actions())
    std::visit([this](auto& a) { perform(a); }, action);
}

void agent_host::perform(commit_turn& a) {
  node_.turns.fetch_add(1, std::memory_order_relaxed);
  auto rows = a.turn.outbox;
  auto birth = a.turn.birth;
  auto* shared = &node_;
  auto self = caf::actor_cast<caf::actor>(this);
  auto turn = a.number;
  fault_point("turn.before_commit");
  node_.store.commit(std::move(a.turn),
                     [shared, self, turn, birth, rows = std::move(rows)](journal::receipt r) mutable {
                       fault_point("turn.after_commit");
                       if (r.status == journal::commit_status::durable)
                         shared->route(birth, std::move(rows), r.numbers);
                       caf::anon_send(self, host_input{in_committed{turn, std::move(r)}});
                     });
}

void agent_host::perform(read_pending& a) {
  auto self = caf::actor_cast<caf::actor>(this);
  constexpr std::size_t window = 128;
  node_.store.pending(cell_->id().addr(), a.on, a.after_sender, window,
                      [self, on = a.on](result<journal::pending_window> found) {
                        caf::anon_send(self, host_input{in_refilled{on, std::move(found)}});
                      });
}

void agent_host::perform(read_effects&) {
  auto self = caf::actor_cast<caf::actor>(this);
  node_.store.describe(cell_->id(), [self](result<journal::loaded_agent> found) {
    if (found)
      caf::anon_send(self, host_input{in_effects{std::move(found->effects)}});
  });
}

void agent_host::perform(run_work& a) {
  auto self = caf::actor_cast<caf::actor>(this);
  node_.workers.submit([self, task = a.task, effect = a.effect, work = a.work] {
    caf::anon_send(self, host_input{in_settled{task, effect, work()}});
  });
}

void agent_host::perform(execute_effect& a) {
  node_.execute(cell_->id(), std::move(a.task), std::move(a.effect), std::move(a.request), a.adopt);
}

void agent_host::perform(forget_effect& a) { node_.forget(a.id); }

void agent_host::perform(tell_agent& a) { node_.route_told(std::move(a.what)); }

void agent_host::perform(answer_query& a) { node_.route_answer(std::move(a.what)); }

void agent_host::perform(cell_over& a) {
  if (a.ended == cell_over::how::store_failed)
    node_.store_failed(a.problem);
  over_ = std::move(a);
}

void agent_host::arm_wake(instant now) {
  auto wake = cell_->next_wake();
  if (wake == never || wake >= armed_)
    return;
  armed_ = wake;
  auto wait = std::clamp(wake - now, milliseconds(0), longest_wake);
  delayed_send(this, wait, host_input{in_wake{}});
}

void agent_host::publish(instant now) {
  live_->last_active_ms.store(to_ms(now), std::memory_order_relaxed);
  auto state = cell_->state();
  if (state == agent_state::failed && live_->state.load(std::memory_order_relaxed) != state &&
      fail_with_.empty())
    caf::anon_send(node_.node, node_input{node_failed{cell_->id(), cell_->view(false, now).reason}});
  live_->state.store(state, std::memory_order_relaxed);
  live_->depth.store(cell_->depth(), std::memory_order_relaxed);
  live_->turns.store(cell_->turns(), std::memory_order_relaxed);
}

void agent_host::turn_begins(const agent_id&, const std::string& subject) {
  node_.deck.turn_begins(name_, subject, node_.clock.now());
}

void agent_host::turn_ends() { node_.deck.turn_ends(); }

} // namespace troupe::host
