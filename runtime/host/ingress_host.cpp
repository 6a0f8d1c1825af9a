#include "runtime/host/ingress_host.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace troupe::host {
namespace {

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

} // namespace

ingress_host::ingress_host(caf::actor_config& config, node_shared& node, journal::loaded_agent found)
    : caf::event_based_actor(config)
    , node_(node)
    , shard_(std::move(found), node.random, {node.options.dedupe_window, 10'000}) {}

caf::behavior ingress_host::make_behavior() {
  return {[this](host_input& in) { take(in); }};
}

void ingress_host::take(host_input& in) {
  auto now = node_.clock.now();
  std::visit(
      overloaded{
          [&](in_inject& i) { inject(i, now); },
          [&](in_key_found& i) { shard_.key_found(i.key, std::move(i.row), now); },
          [&](in_deliver& i) { shard_.deliver(std::move(i.row), now); },
          [&](in_refilled& i) {
            shard_.refilled(i.on, i.window ? std::move(*i.window) : journal::pending_window{{}, false}, now);
          },
          [&](in_committed& i) { shard_.committed(i.turn, i.receipt); },
          [&](in_wake&) {
            armed_ = never;
            shard_.tick(now);
          },
          [](auto&) {},
      },
      in.what);
  do_actions();
  if (shard_.over())
    return leave();
  auto wake = shard_.next_wake();
  if (wake == never || wake >= armed_)
    return;
  armed_ = wake;
  delayed_send(this, std::max(wake - now, milliseconds(1)), host_input{in_wake{}});
}

/// Another node owns the shard by now, or the store fails: callers hear of it and ask again.
void ingress_host::leave() {
  node_.hosts.remove(shard_.id(), caf::actor_cast<caf::actor>(this));
  shard_.abandon();
  do_actions();
  quit();
}

void ingress_host::inject(in_inject& in, instant now) {
  auto* kind = node_.kinds.find(in.request.receiver_kind());
  auto most = kind ? kind->mailbox_max : 1000;
  auto pending = node_.store.pending_count(shard_.birth(), in.request.to.addr());
  if (node_.store.pending_count(shard_.birth()) >= node_.options.sender_pending_max)
    pending = std::max(pending, most);
  shard_.inject(std::move(in.request), std::move(in.done), pending, most, now);
}

void ingress_host::do_actions() {
  for (auto& action : shard_.take_actions())
    std::visit([this](auto& a) { perform(a); }, action);
}

void ingress_host::perform(commit_turn& a) {
  auto rows = a.turn.outbox;
  auto birth = a.turn.birth;
  auto self = caf::actor_cast<caf::actor>(this);
  node_.store.commit(std::move(a.turn), [shared = &node_, self, turn = a.number, birth,
                                         rows = std::move(rows)](journal::receipt r) mutable {
    if (r.status == journal::commit_status::durable)
      shared->route(birth, std::move(rows), r.numbers);
    else if (r.status == journal::commit_status::failed)
      shared->store_failed(r.why);
    caf::anon_send(self, host_input{in_committed{turn, std::move(r)}});
  });
}

void ingress_host::perform(read_pending& a) {
  auto self = caf::actor_cast<caf::actor>(this);
  node_.store.pending(shard_.id().addr(), a.on, a.after_sender, 256,
                      [self, on = a.on](result<journal::pending_window> found) {
                        caf::anon_send(self, host_input{in_refilled{on, std::move(found)}});
                      });
}

void ingress_host::perform(find_key& a) {
  auto self = caf::actor_cast<caf::actor>(this);
  node_.store.find_row(shard_.birth(), journal::row_class::ingress, a.key,
                       [self, key = a.key](result<std::optional<journal::agent_row>> row) {
                         caf::anon_send(self, host_input{in_key_found{key, std::move(row)}});
                       });
}

void ingress_host::perform(answer_outside& a) { a.to(std::move(a.what)); }

} // namespace troupe::host
