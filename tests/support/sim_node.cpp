#include "tests/support/sim_node.hpp"

#include <algorithm>
#include <stdexcept>

namespace troupe::testing {
namespace {

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

std::shared_ptr<memory_tables> tables_of_its_own(const memory_tables::switches& unsafe) {
  auto made = std::make_shared<memory_tables>();
  made->unsafe = unsafe;
  return made;
}

} // namespace

std::uint64_t sim_random::next() {
  auto z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

sim_node::sim_node(options how, kind_registry kinds)
    : random_numbers(how.seed)
    , store(how.seed * 7919 + 1, how.shared ? how.shared : tables_of_its_own(how.unsafe))
    , options_(how)
    , kinds_(std::move(kinds)) {
  outside = [](const journal::effect_put& asked) { return outcome::success(asked.body); };
}

sim_node::~sim_node() = default;

void sim_node::boot() {
  node_core::options how;
  how.others = options_.others;
  core_ = std::make_unique<node_core>(how, random_numbers);
  shards_.clear();
  shards_.resize(ingress_shard::shards);
  if (options_.others)
    return members_changed();
  for (std::size_t i = 0; i < ingress_shard::shards; ++i) {
    auto id = agent_id::make("default", "ingress", std::to_string(i));
    store.claim(*id, true, [this, i, process = process_](result<journal::loaded_agent> found) {
      if (process != process_ || !found)
        return;
      shards_[i] =
          std::make_unique<ingress_shard>(std::move(*found), random_numbers, ingress_shard::options{});
      do_ingress_actions(i);
    });
  }
  while (std::any_of(shards_.begin(), shards_.end(), [](const auto& s) { return !s; }))
    if (!store.step())
      throw std::logic_error("the shards cannot be claimed");
  core_->sweep(clock.now());
  do_node_actions();
}

void sim_node::kill() {
  ++process_;
  store.crash();
  inbox_.clear();
  hosts_.clear();
  leaving_.clear();
  shards_.clear();
  arriving_.clear();
  shards_asked_ = 0;
  frozen_ = false;
  next_tick_ = never;
}

void sim_node::crash() {
  kill();
  boot();
}

bool sim_node::step() {
  bool can_store = store.waiting() > 0;
  bool can_work = !inbox_.empty();
  if (!can_store && !can_work)
    return false;
  if (can_store && (!can_work || random_numbers.one_in(3)))
    return store.step();
  auto next = std::move(inbox_.front());
  inbox_.pop_front();
  next();
  return true;
}

void sim_node::settle() {
  while (step()) {
  }
}

void sim_node::run(milliseconds limit) {
  auto until = clock.now() + limit;
  for (;;) {
    settle();
    auto next = next_time();
    if (next > until)
      return;
    clock.time = std::max(clock.time, next);
    wake();
    sweep();
  }
}

void sim_node::wake() {
  next_tick_ = never;
  core_->tick(clock.now());
  do_node_actions();
  std::vector<agent_id> due;
  for (const auto& [key, h] : hosts_)
    if (h.cell->next_wake() <= clock.now())
      due.push_back(h.cell->id());
  for (const auto& id : due)
    work(id);
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (!shards_[i])
      continue;
    shards_[i]->tick(clock.now());
    do_ingress_actions(i);
  }
}

void sim_node::sweep() {
  core_->sweep(clock.now());
  do_node_actions();
  if (options_.others)
    look_after_shards();
}

instant sim_node::next_time() {
  auto next = next_tick_;
  for (const auto& [key, h] : hosts_)
    next = std::min(next, h.cell->next_wake());
  for (const auto& s : shards_)
    next = std::min(next, s->next_wake());
  for (const auto& a : agents()) // the periodic sweep finds those that time should wake
    if (a.status == journal::agent_status::active && !hosts_.contains(a.id.addr()))
      next = std::min(next, a.next_due);
  return next;
}

sim_node::host* sim_node::find(const agent_id& id) {
  auto found = hosts_.find(id.addr());
  return found == hosts_.end() ? nullptr : &found->second;
}

bool sim_node::is_active(const std::string& agent) const {
  return hosts_.contains(agent_id::parse(agent)->addr());
}

void sim_node::route(std::uint64_t birth, const std::vector<journal::outgoing>& rows,
                     const std::vector<std::uint64_t>& numbers) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    journal::pending_row row{birth, rows[i].on, numbers[i], rows[i].envelope};
    auto copies =
        options_.duplicates ? random_numbers.below(3) : 1; // none: only a sweep or a refill finds it
    for (std::uint64_t c = 0; c < copies; ++c)
      later([this, to = rows[i].to, row, process = process_] {
        if (process == process_)
          hint(to, row);
      });
    if (copies == 0)
      later([this] {
        core_->sweep(clock.now());
        do_node_actions();
      });
  }
}

void sim_node::hint(const agent_id& to, journal::pending_row row) {
  if (!find(to) && hint_elsewhere(to, row))
    return;
  if (to.kind() == "ingress") {
    auto shard = std::stoul(to.key());
    if (!shards_[shard])
      return;
    shards_[shard]->deliver(std::move(row), clock.now());
    return do_ingress_actions(shard);
  }
  auto on = row.on;
  if (auto* h = find(to)) {
    h->cell->deliver(std::move(row));
    return work(to);
  }
  core_->wanted(to, on == lane::mail, clock.now());
  do_node_actions();
}

void sim_node::do_node_actions() {
  for (auto& action : core_->take_actions())
    std::visit(overloaded{
                   [&](claim_agent& a) {
                     auto done = [=, this, id = a.id,
                                  process = process_](result<journal::loaded_agent> found) {
                       if (process == process_)
                         claimed(id, std::move(found));
                     };
                     if (a.from != 0)
                       return store.take_over(a.id, a.from, a.epoch, done);
                     store.claim(a.id, a.create, done);
                   },
                   [&](tell_node& a) {
                     peer_notice notice;
                     notice.id = a.id;
                     notice.create = a.create;
                     notice.hops = a.hops;
                     options_.others->tell(a.node, std::move(notice));
                   },
                   [&](start_host& a) { start(std::move(a)); },
                   [&](stop_host& a) {
                     if (auto* h = find(a.id)) {
                       h->cell->stand_down();
                       do_cell_actions(a.id);
                     }
                   },
                   [&](look_again& a) {
                     if (auto* h = find(a.id))
                       h->cell->look_again();
                     later([this, id = a.id] { work(id); });
                   },
                   [&](fail_host& a) {
                     if (auto* h = find(a.id)) {
                       h->cell->give_up(a.reason, clock.now());
                       do_cell_actions(a.id);
                     }
                   },
                   [&](tick_at& a) { next_tick_ = std::min(next_tick_, a.at); },
                   [&](read_duties& a) {
                     store.duties(clock.now(), a.cursor, 100, [this, process = process_](auto found) {
                       if (process != process_)
                         return;
                       if (found)
                         std::erase_if(found->items, [](const auto& d) { return d.id.kind() == "ingress"; });
                       core_->duties_read(found, clock.now());
                       do_node_actions();
                     });
                   },
                   [&](skip_orphans& a) { store.skip_control_of_absent(a.id, clock.now(), [](auto) {}); },
               },
               action);
}

void sim_node::start(start_host a) {
  auto id = a.found.id;
  host h;
  h.life = next_life_++;
  h.cell = std::make_unique<agent_cell>(kinds_.find(id.kind()), static_cast<cell_services&>(*this),
                                        std::move(a.found), options_.cell);
  auto& placed = hosts_[id.addr()] = std::move(h);
  a.fail_with.empty() ? placed.cell->begin(clock.now()) : placed.cell->give_up(a.fail_with, clock.now());
  later([this, id] { work(id); });
}

void sim_node::do_ingress_actions(std::size_t shard) {
  auto& s = *shards_[shard];
  auto gone = [this, shard, process = process_, life = shard_lives_[shard]] {
    return process != process_ || !shards_[shard] || life != shard_lives_[shard];
  };
  for (auto& action : s.take_actions())
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
                                    if (gone())
                                      return;
                                    shards_[shard]->committed(turn, r);
                                    do_ingress_actions(shard);
                                    if (!shards_[shard]->over())
                                      return;
                                    shards_[shard]->abandon(); // another node has it
                                    do_ingress_actions(shard);
                                    shards_[shard] = nullptr;
                                  });
                   },
                   [&](read_pending& a) {
                     store.pending(s.id().addr(), a.on, a.after_sender, 64, [=, this, on = a.on](auto found) {
                       if (gone() || !found)
                         return;
                       shards_[shard]->refilled(on, std::move(*found), clock.now());
                       do_ingress_actions(shard);
                     });
                   },
                   [&](find_key& a) {
                     store.find_row(s.birth(), journal::row_class::ingress, a.key,
                                    [=, this, key = a.key](auto row) {
                                      if (gone())
                                        return;
                                      shards_[shard]->key_found(key, std::move(row), clock.now());
                                      do_ingress_actions(shard);
                                    });
                   },
                   [&](answer_outside& a) { a.to(std::move(a.what)); },
               },
               action);
}

void sim_node::inject(const std::string& to, const std::string& type, const std::string& body,
                      std::function<void(result<inject_answer>)> done, const std::string& key, bool wait) {
  inject_request request;
  request.to = *agent_id::parse(to);
  request.type = type;
  request.body = body;
  request.idempotency_key = key;
  request.wait = milliseconds(wait ? 3'600'000 : 0);
  auto shard = ingress_shard::shard_of(request);
  if (!shards_[shard] || frozen_)
    return done(fail(fault::unavailable, "the shard is on another node, or nowhere"));
  shards_[shard]->inject(std::move(request), std::move(done), 0, 1000, clock.now());
  do_ingress_actions(shard);
}

result<inject_answer> sim_node::ask(const std::string& to, const std::string& type, const std::string& body) {
  std::optional<result<inject_answer>> got;
  inject(
      to, type, body, [&](result<inject_answer> a) { got = std::move(a); }, "", true);
  run();
  if (!got)
    return fail(fault::timeout, "nothing answered");
  return std::move(*got);
}

bool sim_node::takes(const std::string& to) const {
  inject_request request;
  request.to = *agent_id::parse(to);
  return !frozen_ && shards_.size() > 0 && shards_[ingress_shard::shard_of(request)] != nullptr;
}

void sim_node::operate(const std::string& agent, const std::function<void(agent_cell&, instant)>& what) {
  auto id = agent_id::parse(agent);
  core_->wanted(*id, true, clock.now());
  do_node_actions();
  settle();
  auto* h = find(*id);
  if (!h)
    throw std::logic_error(agent + " is not active");
  what(*h->cell, clock.now());
  do_cell_actions(*id);
  settle();
}

void sim_node::passivate_idle() {
  std::vector<agent_id> all;
  for (const auto& [key, h] : hosts_)
    all.push_back(h.cell->id());
  for (const auto& id : all) {
    find(id)->cell->passivate(clock.now());
    do_cell_actions(id);
  }
  settle();
}

} // namespace troupe::testing
