#include "runtime/node/ingress_shard.hpp"

#include "config/limits.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/base/hash.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/node/ingress_row.hpp"

namespace troupe {
namespace {

constexpr milliseconds call_lives{24 * 3600 * 1000}; // the work goes on when the outside caller stops waiting

} // namespace

agent_id ingress_shard::id_of(std::uint32_t shard) {
  return *agent_id::make("default", "ingress", std::to_string(shard));
}

std::uint32_t ingress_shard::shard_of(const inject_request& request) {
  return static_cast<std::uint32_t>(stable_hash(request.principal + '\x1f' + request.to.text()) % shards);
}

ingress_shard::ingress_shard(journal::loaded_agent found, random_source& random, options how)
    : found_(std::move(found))
    , random_(random)
    , options_(how)
    , mailbox_({}, found_.births) {
  refill();
}

void ingress_shard::inject(inject_request request, answer<inject_answer> done, std::uint32_t pending,
                           std::uint32_t pending_max, instant now) {
  caller c;
  c.done = std::move(done);
  c.waits = request.wait.count() > 0;
  c.until = c.waits ? now + request.wait : never;
  if (c.waits && waiting_ >= options_.waiting_max)
    return give(c, fail(fault::overloaded, "too many callers wait for a reply", "send without ?wait="));
  if (request.body.size() > limits::envelope_bytes_max)
    return give(c, fail(fault::invalid, "a message has at most 1 MiB", "keep large things as blobs"));
  if (request.idempotency_key.empty()) {
    if (pending >= pending_max)
      return refuse_full(c, request);
    return accept(std::move(request), std::move(c), "", now);
  }
  auto key = dedupe_key(request);
  if (auto known = by_key_.find(key); known != by_key_.end()) {
    auto& first = calls_.at(known->second);
    if (first.body_hash != body_hash(request))
      return give(c, fail(fault::conflict, "this Idempotency-Key stands for another body"));
    return attach(first, std::move(c));
  }
  auto [found, fresh] = lookups_.try_emplace(key);
  found->second.waiting.push_back({std::move(request), std::move(c), pending >= pending_max});
  if (fresh)
    actions_.push_back(find_key{key});
}

void ingress_shard::key_found(const std::string& key, result<std::optional<journal::agent_row>> row,
                              instant now) {
  auto found = lookups_.extract(key);
  if (found.empty())
    return;
  for (auto& [request, c, full] : found.mapped().waiting) {
    if (!row)
      give(c, tl::unexpected(row.error()));
    else if (*row && (*row)->expires > now)
      repeat(**row, request, std::move(c));
    else if (by_key_.contains(key)) // the first of them has just been accepted
      inject(std::move(request), std::move(c.done), 0, 1, now);
    else if (full)
      refuse_full(c, request);
    else
      accept(std::move(request), std::move(c), key, now);
  }
}

void ingress_shard::refuse_full(caller& c, const inject_request& request) {
  give(c, fail(fault::overloaded, request.to.text() + " has too many messages waiting", "try again later"));
}

void ingress_shard::repeat(const journal::agent_row& row, const inject_request& request, caller c) {
  auto known = decode_ingress(row.body);
  if (!known)
    return give(c, tl::unexpected(known.error()));
  if (known->body_hash != body_hash(request))
    return give(c, fail(fault::conflict, "this Idempotency-Key stands for another body"));
  if (c.waits && known->is_call && !known->reply) { // an earlier process took it: wait for the reply here
    accepted again;
    again.id = known->message;
    again.trace = known->trace;
    again.key = row.key;
    again.body_hash = known->body_hash;
    again.durable = true;
    auto& held = calls_[known->message] = std::move(again);
    by_key_[row.key] = known->message;
    return attach(held, std::move(c));
  }
  inject_answer a;
  a.id = known->message;
  a.trace = known->trace;
  a.repeated = true;
  a.reply = known->reply;
  give(c, std::move(a));
}

void ingress_shard::attach(accepted& to, caller c) {
  if (to.durable && !c.waits) {
    inject_answer a;
    a.id = to.id;
    a.trace = to.trace;
    a.repeated = true;
    return give(c, std::move(a));
  }
  waiting_ += c.waits ? 1 : 0;
  to.callers.push_back(std::move(c));
}

void ingress_shard::accept(inject_request request, caller c, const std::string& key, instant now) {
  accepted a;
  a.id = make_ulid(now, random_);
  a.trace = request.trace.empty() ? a.id : request.trace;
  a.key = key;
  a.body_hash = body_hash(request);
  envelope e;
  e.kind = c.waits ? message_kind::call : message_kind::message;
  e.id = a.id;
  e.from = found_.id;
  e.to = request.creates.empty() ? request.to : *agent_id::make(request.to.tenant(), request.creates, a.id);
  e.type = std::move(request.type);
  e.body = std::move(request.body);
  e.sent = now;
  e.trace = a.trace;
  e.principal = request.principal;
  if (c.waits) {
    e.call_key = a.id;
    e.deadline = now + std::max(call_lives, request.wait);
  }
  auto turn = new_turn();
  turn.outbox.push_back({e.to, lane::mail, encode(e)});
  if (!key.empty()) {
    ingress_row row;
    row.body_hash = a.body_hash;
    row.message = a.id;
    row.trace = a.trace;
    row.is_call = c.waits;
    turn.puts.push_back({journal::row_class::ingress, key, 1, encode(row), now + options_.dedupe_window});
    by_key_[key] = a.id;
  }
  flight f;
  f.call = a.id;
  waiting_ += c.waits ? 1 : 0;
  a.callers.push_back(std::move(c));
  calls_.emplace(a.id, std::move(a));
  fault_point("ingress.before_commit");
  submit(std::move(turn), std::move(f));
}

void ingress_shard::abandon() {
  auto refuse = [this](caller& c) {
    give(c, fail(fault::unavailable, "another node answers for this caller now",
                 "ask again with the same Idempotency-Key"));
  };
  for (auto& [id, a] : calls_)
    std::for_each(a.callers.begin(), a.callers.end(), refuse);
  for (auto& [key, l] : lookups_)
    for (auto& asked : l.waiting)
      refuse(asked.by);
  calls_.clear();
  by_key_.clear();
  lookups_.clear();
}

void ingress_shard::committed(std::uint64_t turn_number, const journal::receipt& receipt) {
  if (in_flight_.empty() || in_flight_.front().number != turn_number)
    return;
  auto f = std::move(in_flight_.front());
  in_flight_.pop_front();
  auto found = calls_.find(f.call);
  if (receipt.status != journal::commit_status::durable) {
    over_ = true;
    if (found == calls_.end())
      return;
    for (auto& c : found->second.callers)
      give(c, fail(fault::unavailable, "the store did not take the message: " + receipt.why, "try again"));
    by_key_.erase(found->second.key);
    calls_.erase(found);
    return;
  }
  fault_point("ingress.after_commit");
  std::move(f.after.begin(), f.after.end(), std::back_inserter(actions_));
  if (found == calls_.end())
    return;
  auto& a = found->second;
  a.durable = true;
  inject_answer told;
  told.id = a.id;
  told.trace = a.trace;
  for (auto& c : a.callers)
    if (!c.waits) {
      give(c, told);
      told.repeated = true;
    }
  std::erase_if(a.callers, [](const caller& c) { return !c.waits; });
  if (!a.callers.empty())
    return;
  by_key_.erase(a.key);
  calls_.erase(found);
}

void ingress_shard::deliver(journal::pending_row row, instant now) {
  mailbox_.offer(std::move(row));
  take_replies(now);
}

void ingress_shard::refilled(lane on, journal::pending_window window, instant now) {
  mailbox_.refill(on, std::move(window));
  take_replies(now);
}

void ingress_shard::take_replies(instant now) {
  while (auto* m = mailbox_.head(lane::control)) {
    handle_reply(*m, now);
    mailbox_.pop(lane::control);
  }
  while (auto* m =
             mailbox_.head(lane::mail)) { // nobody sends mail here; if somebody does, it is no reason to stop
    auto turn = new_turn();
    turn.marks.push_back({m->at.sender_birth, lane::mail, m->at.number - 1, m->at.number});
    turn.skipped = 1;
    turn.events.push_back({"mail_skipped", "{}", "", now});
    submit(std::move(turn), {});
    mailbox_.pop(lane::mail);
  }
  refill();
}

void ingress_shard::handle_reply(const mail& m, instant now) {
  auto turn = new_turn();
  turn.marks.push_back({m.at.sender_birth, m.at.on, m.at.number - 1, m.at.number});
  flight f;
  auto found = m.what ? calls_.find(m.what->call_key) : calls_.end();
  if (found == calls_.end()) {
    turn.skipped = 1;
    turn.events.push_back(
        {"reply_skipped", "{\"note\":\"nobody waits for it any more\"}", m.what ? m.what->trace : "", now});
    return submit(std::move(turn), std::move(f));
  }
  auto& a = found->second;
  turn.applied = 1;
  inject_answer told;
  told.id = a.id;
  told.trace = a.trace;
  told.reply = m.what->answer;
  for (auto& c : a.callers) {
    waiting_ -= c.waits ? 1 : 0;
    f.after.push_back(answer_outside{std::move(c.done), told});
  }
  if (!a.key.empty()) {
    ingress_row row;
    row.body_hash = a.body_hash;
    row.message = a.id;
    row.trace = a.trace;
    row.is_call = true;
    row.reply = m.what->answer;
    turn.puts.push_back({journal::row_class::ingress, a.key, 1, encode(row), now + options_.dedupe_window});
    by_key_.erase(a.key);
  }
  calls_.erase(found);
  submit(std::move(turn), std::move(f));
}

void ingress_shard::tick(instant now) {
  for (auto at = calls_.begin(); at != calls_.end();) {
    auto& a = at->second;
    for (auto& c : a.callers)
      if (c.waits && a.durable && c.until <= now) {
        inject_answer told;
        told.id = a.id;
        told.trace = a.trace;
        give(c, std::move(told));
        c.done = nullptr;
        --waiting_;
      }
    std::erase_if(a.callers, [](const caller& c) { return !c.done; });
    bool keep =
        !a.durable || !a.callers.empty() || !a.key.empty(); // a keyed call's reply is recorded when it comes
    at = keep ? std::next(at) : calls_.erase(at);
  }
}

instant ingress_shard::next_wake() const {
  auto wake = never;
  for (const auto& [id, a] : calls_)
    for (const auto& c : a.callers)
      wake = std::min(wake, c.until);
  return wake;
}

journal::turn_commit ingress_shard::new_turn() const {
  journal::turn_commit turn;
  turn.id = found_.id;
  turn.birth = found_.birth;
  turn.epoch = found_.epoch;
  return turn;
}

void ingress_shard::submit(journal::turn_commit turn, flight f) {
  f.number = next_turn_++;
  actions_.push_back(commit_turn{f.number, std::move(turn)});
  in_flight_.push_back(std::move(f));
}

void ingress_shard::give(caller& c, result<inject_answer> what) {
  actions_.push_back(answer_outside{c.done, std::move(what)});
}

void ingress_shard::refill() {
  while (auto on = mailbox_.refill_wanted())
    actions_.push_back(read_pending{*on, mailbox_.refill_after(*on)});
}

} // namespace troupe
