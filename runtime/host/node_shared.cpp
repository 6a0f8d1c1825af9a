#include "runtime/host/node_shared.hpp"

#include "runtime/base/fault_point.hpp"
#include "runtime/host/caf_types.hpp"
#include "runtime/wire/outcome_codec.hpp"

#include <caf/send.hpp>

namespace troupe::host {
namespace {

/// Pieces of streamed results are provisional: nobody subscribes to them yet.
class no_progress : public progress_sink {
public:
  void piece(std::string_view) override {}
};

} // namespace

node_shared::node_shared(node_options how, kind_registry all_kinds, journal::store& journal,
                         clock_source& time, random_source& entropy, executors verbs)
    : options(std::move(how))
    , kinds(std::move(all_kinds))
    , store(journal)
    , clock(time)
    , random(entropy)
    , verbs_(std::move(verbs))
    , workers(options.worker_threads) {}

void node_shared::route(std::uint64_t sender_birth, std::vector<journal::outgoing> rows,
                        const std::vector<std::uint64_t>& numbers) {
  for (std::size_t i = 0; i < rows.size() && i < numbers.size(); ++i) {
    auto& row = rows[i];
    auto to = hosts.find(row.to.addr());
    journal::pending_row pending{sender_birth, row.on, numbers[i], std::move(row.envelope)};
    if (to) {
      caf::anon_send(to, host_input{in_deliver{std::move(pending)}});
    } else if (auto node = elsewhere(row.to)) {
      peer_notice mail;
      mail.kind = peer_notice::what::mail;
      mail.id = row.to;
      mail.create = row.on == lane::mail;
      mail.row = std::move(pending);
      options.others->tell(*node, std::move(mail));
    } else {
      want(row.to, row.on == lane::mail);
    }
  }
}

/// At most once: an agent that is not active is activated for the next one, this one is counted. A query,
/// which somebody waits for, waits for the activation.
void node_shared::route_told(told what) {
  if (auto to = hosts.find(what.to.addr()))
    return caf::anon_send(to, host_input{in_told{std::move(what)}});
  if (what.query.empty()) {
    ephemeral_dropped.fetch_add(what.items.size(), std::memory_order_relaxed);
    return want(what.to, true);
  }
  auto refuse = [this, from = what.from, query = what.query, to = what.to.text()](const error& why) {
    route_answer({from, query, outcome::failure("unavailable", why.message, to)});
  };
  if (!kinds.find(what.to.kind()))
    return refuse(error{fault::not_found, "no kind \"" + what.to.kind() + "\" on this node", ""});
  auto id = what.to;
  auto deliver = [what = std::move(what)](agent_cell& cell, instant) { cell.deliver_told(what); };
  caf::anon_send(node, node_input{node_operate{std::move(id), std::move(deliver), std::move(refuse)}});
}

/// Whoever asked and is no longer there has lost what it asked for with its memory.
void node_shared::route_answer(told_answer answer) {
  auto to = hosts.find(answer.to.addr());
  if (!to)
    return;
  auto [task, effect] = task_and_effect(answer.query);
  caf::anon_send(to, host_input{in_settled{std::move(task), std::move(effect), std::move(answer.what)}});
}

std::optional<std::uint64_t> node_shared::elsewhere(const agent_id& id) {
  if (!options.others)
    return std::nullopt;
  auto home = options.others->home_of(id);
  bool other = home != peers::here && home != peers::nowhere;
  return other ? std::optional(home) : std::nullopt;
}

void node_shared::arrived(peer_notice what) {
  auto to = hosts.find(what.id.addr());
  if (!to)
    return caf::anon_send(node, node_input{node_wanted_here{what.id, what.create, what.hops}});
  if (what.kind == peer_notice::what::mail && what.row)
    caf::anon_send(to, host_input{in_deliver{std::move(*what.row)}});
  else if (what.kind == peer_notice::what::settled)
    caf::anon_send(to, host_input{in_settled{what.task, what.effect, std::move(what.answer)}});
  else
    caf::anon_send(to, host_input{in_look_again{}});
}

void node_shared::want(const agent_id& id, bool create) {
  caf::anon_send(node, node_input{node_wanted{id, create}});
}

void node_shared::execute(const agent_id& agent, std::string task, std::string effect,
                          journal::effect_put request, bool adopt) {
  auto id = request.id;
  if (!adopt) {
    workers.submit([this, agent, task, effect, request] { carry_out(agent, task, effect, request, false); });
    return;
  }
  // The former executor may have reached the outside: the same key again, and counted.
  fault_point("effect.before_adopt");
  store.adopt_effect(id, [this, agent, task, effect](result<journal::effect_row> row) {
    if (!row)
      return;
    fault_point("effect.after_adopt");
    effects_repeated.fetch_add(1, std::memory_order_relaxed);
    if (row->effect.once)
      return record(
          agent, task, effect, row->effect.id,
          outcome::failure("unknown_outcome", "a crash left no result, and it may not be asked for twice"));
    auto request = row->effect;
    workers.submit([this, agent, task, effect, request] { carry_out(agent, task, effect, request, true); });
  });
}

void node_shared::carry_out(const agent_id& agent, const std::string& task, const std::string& effect,
                            const journal::effect_put& request, bool repeated) {
  auto token = std::make_shared<running>();
  {
    std::lock_guard guard(lock_);
    running_[request.id] = token;
  }
  effect_request asked;
  asked.verb = request.verb;
  asked.target = request.target;
  asked.body = request.body;
  asked.idempotency_key = request.key;
  asked.agent = agent.text();
  asked.deadline = request.deadline;
  asked.repeated = repeated;
  auto verb = verbs_.find(request.verb);
  no_progress progress;
  fault_point("effect.before_execute");
  auto came = verb == verbs_.end()
                  ? outcome::failure("invalid", "no executor for \"" + request.verb + "\" on this node")
                  : verb->second->execute(asked, *token, progress);
  fault_point("effect.after_execute");
  {
    std::lock_guard guard(lock_);
    running_.erase(request.id);
  }
  if (!token->canceled())
    record(agent, task, effect, request.id, std::move(came));
}

void node_shared::record(const agent_id& agent, const std::string& task, const std::string& effect,
                         const std::string& id, outcome came) {
  auto bytes = wire::encode_outcome(came);
  store.record_result(id, store.node_epoch(), std::move(bytes),
                      [this, agent, task, effect, came = std::move(came)](result<bool> recorded) {
                        if (!recorded)
                          return; // canceled meanwhile, or another executor owns it
                        fault_point("effect.after_record");
                        settled(agent, task, effect, came);
                      });
}

void node_shared::settled(const agent_id& agent, const std::string& task, const std::string& effect,
                          const outcome& came) {
  if (auto to = hosts.find(agent.addr()))
    return caf::anon_send(to, host_input{in_settled{task, effect, came}});
  auto node = elsewhere(agent);
  if (!node)
    return want(agent, false);
  peer_notice notice; // it moved while this node worked for it
  notice.kind = peer_notice::what::settled;
  notice.id = agent;
  notice.create = false;
  notice.task = task;
  notice.effect = effect;
  notice.answer = came;
  options.others->tell(*node, std::move(notice));
}

void node_shared::forget(const std::string& effect_id) {
  std::lock_guard guard(lock_);
  if (auto found = running_.find(effect_id); found != running_.end())
    found->second->stop.store(true, std::memory_order_relaxed);
}

void node_shared::store_failed(const std::string& why) {
  {
    std::lock_guard guard(lock_);
    if (!failure_.empty())
      return;
    failure_ = why;
  }
  if (options.on_store_failed)
    options.on_store_failed(why);
}

bool node_shared::failed(std::string& why) const {
  std::lock_guard guard(lock_);
  why = failure_;
  return !failure_.empty();
}

} // namespace troupe::host
