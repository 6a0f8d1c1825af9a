// What operators ask of a node: lists, looks into agents, stops and restarts.
#include "runtime/agent/fold_load.hpp"
#include "runtime/agent/open_task.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/host/caf_types.hpp"
#include "runtime/host/local_node.hpp"
#include "runtime/host/local_node_parts.hpp"
#include "runtime/node/node_core.hpp"

#include <caf/send.hpp>

namespace troupe {
namespace {

agent_state state_of(const journal::agent_summary& a) {
  if (a.status == journal::agent_status::failed)
    return agent_state::failed;
  return a.status == journal::agent_status::stopped ? agent_state::stopped : agent_state::passive;
}

agent_view passive_view(const journal::agent_summary& a) {
  agent_view v;
  v.id = a.id;
  v.birth = a.birth;
  v.epoch = a.epoch;
  v.reason = a.reason;
  v.next_due = a.next_due;
  v.owner = a.owner;
  v.state = state_of(a);
  return v;
}

/// A passive agent as its rows show it; nothing is activated for a look.
agent_view passive_view(const journal::loaded_agent& found) {
  journal::agent_summary summary{found.id,     found.birth,    found.epoch, found.status,
                                 found.reason, found.next_due, found.owner};
  auto v = passive_view(summary);
  for (const auto& row : found.rows) {
    if (row.cls == journal::row_class::document)
      v.state_documents.push_back({row.key, row.schema, row.body});
    if (row.cls != journal::row_class::task)
      continue;
    auto began = decode_task(row.body);
    if (!began)
      continue;
    task_view t;
    t.id = row.key;
    t.type = began->message.type;
    t.from = began->message.from.empty() ? "" : began->message.from.text();
    t.trace = began->message.trace;
    t.begun = began->begun;
    v.tasks.push_back(std::move(t));
  }
  if (v.state != agent_state::passive)
    v.why.push_back("does not run: " + v.reason + "; troupe restart " + v.id.text() + " gets it going");
  else if (v.next_due != never)
    v.why.push_back("passive: time wakes it at " + to_rfc3339(v.next_due) + ", any message sooner");
  else
    v.why.push_back("passive: the next message wakes it");
  return v;
}

void add_folded_state(agent_view& into, const kind_spec& kind, const journal::loaded_agent& found) {
  if (auto folded = fold_journal(kind, found))
    into.state_documents.push_back({"state", folded->agent->schema(), folded->agent->describe()});
  else
    into.reason = folded.error().message;
}

} // namespace

/// Runs `use` on the agent's own thread of control. Inactive: activates it first, or answers `otherwise`.
void local_node::with_cell(const agent_id& id, bool activate, std::function<void(agent_cell&, instant)> use,
                           std::function<void(error)> otherwise) {
  auto& shared = parts_->shared;
  if (auto active = shared.hosts.find(id.addr()))
    return caf::anon_send(active, host::host_input{host::in_operate{std::move(use)}});
  if (!activate)
    return otherwise(error{fault::not_found, "not active", ""});
  caf::anon_send(shared.node, host::node_input{host::node_operate{id, std::move(use), std::move(otherwise)}});
}

void local_node::spawn(agent_id id, answer<agent_view> done) {
  if (!parts_->shared.kinds.find(id.kind()))
    return done(fail(fault::not_found, "no kind \"" + id.kind() + "\" on this node",
                     "troupe ps nodes lists the kinds"));
  auto use = [done](agent_cell& cell, instant now) { done(cell.view(true, now)); };
  with_cell(id, true, use, [done](error e) { done(tl::unexpected(std::move(e))); });
}

void local_node::stop(agent_id id, std::string reason, answer<agent_view> done) {
  auto use = [reason, done](agent_cell& cell, instant now) {
    cell.stop(reason, now);
    done(cell.view(true, now));
  };
  with_cell(id, true, use, [done](error e) { done(tl::unexpected(std::move(e))); });
}

void local_node::restart(agent_id id, restart_mode mode, answer<agent_view> done) {
  caf::anon_send(parts_->shared.node, host::node_input{host::node_revive{id}});
  auto use = [this, id, mode, done](agent_cell& cell, instant now) {
    cell.restart(mode, now);
    done(cell.view(false, now));
    parts_->shared.want(id, true);
  };
  with_cell(id, true, use, [done](error e) { done(tl::unexpected(std::move(e))); });
}

void local_node::list(agent_query query, answer<journal::page<agent_view>> done) {
  auto* shared = &parts_->shared;
  shared->store.agents(query.prefix, query.cursor, query.limit,
                       [shared, query, done](result<journal::page<journal::agent_summary>> found) {
                         if (!found)
                           return done(tl::unexpected(found.error()));
                         journal::page<agent_view> page;
                         page.next_cursor = found->next_cursor;
                         for (const auto& a : found->items) {
                           auto v = passive_view(a);
                           if (a.owner == 0 || a.owner == shared->store.node_epoch())
                             v.node = shared->options.name;
                           if (auto live = shared->hosts.record_of(a.id.addr())) {
                             v.state = live->live->state.load();
                             v.mailbox_depth = live->live->depth.load();
                             v.turns = live->live->turns.load();
                           }
                           if (!query.state || *query.state == v.state)
                             page.items.push_back(std::move(v));
                         }
                         done(std::move(page));
                       });
}

void local_node::inspect(agent_id id, answer<agent_view> done) {
  auto use = [done, name = parts_->shared.options.name](agent_cell& cell, instant now) {
    auto view = cell.view(true, now);
    view.node = name;
    done(std::move(view));
  };
  auto passive = [this, id, done](error) {
    const auto* kind = parts_->shared.kinds.find(id.kind());
    parts_->shared.store.describe(id, [done, kind](result<journal::loaded_agent> found) {
      if (!found)
        return done(tl::unexpected(found.error()));
      auto view = passive_view(*found);
      if (kind && kind->how == discipline::fold)
        add_folded_state(view, *kind, *found);
      done(std::move(view));
    });
  };
  if (id.kind() == "ingress")
    return passive(error{});
  with_cell(id, false, use, passive);
}

void local_node::mailbox(agent_id id, std::size_t limit, answer<journal::page<mail_view>> done) {
  parts_->shared.store.pending(id.addr(), lane::mail, 0, limit,
                               [done](result<journal::pending_window> found) {
                                 if (!found)
                                   return done(tl::unexpected(found.error()));
                                 journal::page<mail_view> page;
                                 for (const auto& row : found->rows) {
                                   mail_view v;
                                   v.number = row.number;
                                   v.bytes = row.envelope.size();
                                   v.kind = "unreadable";
                                   if (auto e = decode_envelope(row.envelope)) {
                                     static constexpr const char* names[] = {
                                         "message", "call", "timer", "reply", "cancel", "signal", "stop"};
                                     v.kind = names[static_cast<std::size_t>(e->kind)];
                                     v.id = e->id;
                                     v.from = e->from.empty() ? "" : e->from.text();
                                     v.type = e->type;
                                     v.sent = e->sent;
                                   }
                                   page.items.push_back(std::move(v));
                                 }
                                 page.next_cursor = found->complete ? "" : "more";
                                 done(std::move(page));
                               });
}

void local_node::history(agent_id id, std::string cursor, std::size_t limit,
                         answer<journal::page<journal::stored_event>> done) {
  parts_->shared.store.history(std::move(id), std::move(cursor), limit, std::move(done));
}

void local_node::listings(journal::listing_query query, answer<journal::page<journal::stored_listing>> done) {
  parts_->shared.store.listings(std::move(query), std::move(done));
}

void local_node::dead_letters(std::string cursor, std::size_t limit,
                              answer<journal::page<journal::stored_dead_letter>> done) {
  parts_->shared.store.dead_letters(std::move(cursor), limit, std::move(done));
}

void local_node::dead_letter(std::string id, answer<journal::stored_dead_letter> done) {
  parts_->shared.store.find_dead_letter(std::move(id), std::move(done));
}

void local_node::replay_dead_letter(std::string id, answer<inject_answer> done) {
  auto send = [this](inject_request again, answer<inject_answer> sent) {
    inject(std::move(again), std::move(sent));
  };
  replay_dead_letter_by(std::move(id), send, std::move(done));
}

/// A replay is a new message from the operator, outside the order of its former stream. Its key makes a
/// replay that is asked for twice one message.
void local_node::replay_dead_letter_by(std::string id, send_again send, answer<inject_answer> done) {
  dead_letter(id, [this, id, send, done](result<journal::stored_dead_letter> found) {
    if (!found)
      return done(tl::unexpected(found.error()));
    auto e = decode_envelope(found->letter.envelope);
    if (!e)
      return done(tl::unexpected(e.error()));
    if (found->replayed)
      return done(fail(fault::conflict, "dead letter " + id + " has been replayed already"));
    inject_request again;
    again.to = e->to;
    again.type = e->type;
    again.body = e->body;
    again.principal = "operator";
    again.idempotency_key = "replay-" + id;
    again.trace = e->trace;
    send(std::move(again), [this, id, done](result<inject_answer> sent) {
      if (!sent)
        return done(std::move(sent));
      parts_->shared.store.mark_replayed(id, [done, sent](result<bool>) { done(sent); });
    });
  });
}

void local_node::node(answer<node_view> done) {
  auto* shared = &parts_->shared;
  shared->store.totals([this, shared, done](result<journal::ledger> totals) {
    if (!totals)
      return done(tl::unexpected(totals.error()));
    node_view v;
    v.id = shared->options.name;
    v.state = ready(v.reason) ? "up" : "draining";
    v.epoch = shared->store.node_epoch();
    v.started = parts_->started;
    v.active_agents = shared->hosts.size();
    v.turns = shared->turns;
    v.commits = totals->commits;
    v.effects_repeated = shared->effects_repeated;
    v.ephemeral_dropped = shared->ephemeral_dropped;
    v.totals = *totals;
    for (const auto* kind : shared->kinds.all()) {
      kind_view k{kind->name, std::string(to_string(kind->how)), kind->version, {}};
      for (const auto& [type, handler] : kind->handlers)
        k.types.push_back(type);
      for (const auto& [type, handler] : kind->plain_handlers)
        k.types.push_back(type);
      v.kinds.push_back(std::move(k));
    }
    auto ask = [v, done](node_core& core, instant) mutable {
      v.crashes = core.crashes();
      done(std::move(v));
    };
    caf::anon_send(shared->node, host::node_input{host::node_ask{std::move(ask)}});
  });
}

} // namespace troupe
