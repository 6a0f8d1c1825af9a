// What the cells of a simulated node ask for, and how their activations end.
#include "tests/support/sim_node.hpp"

namespace troupe::testing {
namespace {

constexpr std::size_t turns_per_slice = 4; // small: other agents get between

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

} // namespace

void sim_node::work(const agent_id& id) {
  auto* h = find(id);
  if (!h || frozen_)
    return;
  bool more = h->cell->work(clock.now(), turns_per_slice);
  ++turns_;
  do_cell_actions(id);
  tell_if_still(id);
  if (more)
    later([this, id] { work(id); });
}

void sim_node::do_cell_actions(const agent_id& id) {
  auto* h = find(id);
  if (!h)
    return;
  do_cell_actions(*h);
  if (h->over)
    leave(id);
}

void sim_node::do_cell_actions(host& h) {
  const auto id = h.cell->id();
  const auto life = h.life;
  for (auto& action : h.cell->take_actions())
    std::visit(overloaded{
                   [&](commit_turn& a) {
                     auto rows = a.turn.outbox;
                     auto birth = a.turn.birth;
                     store.commit(std::move(a.turn),
                                  [=, this, turn = a.number, process = process_](journal::receipt r) {
                                    if (process != process_)
                                      return;
                                    if (r.status == journal::commit_status::durable)
                                      route(birth, rows, r.numbers);
                                    committed(id, life, turn, r);
                                  });
                   },
                   [&](read_pending& a) {
                     store.pending(
                         id.addr(), a.on, a.after_sender, 16,
                         [=, this, on = a.on, process = process_](result<journal::pending_window> found) {
                           auto* now_there = process == process_ ? find(id) : nullptr;
                           if (!now_there || now_there->life != life)
                             return;
                           now_there->cell->refilled(on, std::move(*found));
                           later([this, id] { work(id); });
                         });
                   },
                   [&](read_effects&) {
                     store.describe(id, [=, this, process = process_](result<journal::loaded_agent> found) {
                       auto* now_there = process == process_ ? find(id) : nullptr;
                       if (!found || !now_there || now_there->life != life)
                         return;
                       now_there->cell->effects_read(found->effects);
                       do_cell_actions(id);
                       later([this, id] { work(id); });
                     });
                   },
                   [&](run_work& a) {
                     later([=, this, process = process_] {
                       if (process == process_)
                         settled(id, a.task, a.effect, a.work());
                     });
                   },
                   [&](execute_effect& a) { execute(id, a, false); },
                   [&](forget_effect&) {},
                   [&](tell_agent& a) { tell(std::move(a.what)); },
                   [&](answer_query& a) {
                     auto [task, effect] = task_and_effect(a.what.query);
                     later([=, this, process = process_, to = a.what.to, what = a.what.what] {
                       if (process == process_ && find(to))
                         settled(to, task, effect, what);
                     });
                   },
                   [&](cell_over& a) { h.over = std::move(a); },
               },
               action);
}

/// As a node does: a query waits for the activation it causes, anything else is lost.
void sim_node::tell(told what) {
  auto to = what.to;
  auto* there = find(to);
  if (there) {
    there->cell->deliver_told(std::move(what));
    return later([this, to] { work(to); });
  }
  core_->wanted(to, true, clock.now());
  do_node_actions();
  if (what.query.empty()) {
    told_in_vain_ += what.items.size();
    return;
  }
  if (random_numbers.one_in(16))
    return; // at most once
  later([this, what, process = process_] {
    if (process == process_)
      tell(what);
  });
}

void sim_node::committed(const agent_id& id, std::uint64_t life, std::uint64_t turn,
                         const journal::receipt& r) {
  if (auto at = leaving_.find(life); at != leaving_.end()) {
    at->second.cell->committed(turn, r, clock.now());
    do_cell_actions(at->second);
    return farewell(life);
  }
  auto* h = find(id);
  if (!h || h->life != life)
    return;
  h->cell->committed(turn, r, clock.now());
  do_cell_actions(id);
  tell_if_still(id);
  later([this, id] { work(id); });
}

void sim_node::leave(const agent_id& id) {
  auto h = std::move(hosts_.extract(id.addr()).mapped());
  if (auto still = std::exchange(h.still, nullptr))
    still(fail(fault::conflict, id.text() + " ended its activation: " + h.over->problem));
  const auto life = h.life;
  leaving_[life] = std::move(h);
  farewell(life);
}

/// As a host does: it waits for what the journal makes of its last turns.
void sim_node::farewell(std::uint64_t life) {
  if (leaving_.at(life).cell->in_flight())
    return;
  auto h = std::move(leaving_.extract(life).mapped());
  const auto id = h.cell->id();
  const auto& why = *h.over;
  if (why.ended == cell_over::how::crashed)
    core_->crashed(id, why.poisoned, why.problem, clock.now());
  else if (why.ended == cell_over::how::retired)
    retire(id, h.cell->epoch());
  else
    core_->ended(id, why.ended == cell_over::how::moved ? never : h.cell->next_wake(), clock.now());
  later([this, cell = std::shared_ptr<agent_cell>(std::move(h.cell))] { do_node_actions(); });
}

void sim_node::retire(const agent_id& id, std::uint64_t epoch) {
  core_->ended(id, never, clock.now());
  store.retire(id, epoch, clock.now(), [](result<bool>) {});
}

} // namespace troupe::testing
