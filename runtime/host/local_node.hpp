#pragma once

#include "runtime/agent/kind.hpp"
#include "runtime/door/node_api.hpp"
#include "runtime/host/node_options.hpp"
#include "runtime/journal/journal.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace troupe {

class agent_cell;

/// A running node: CAF system, hosts, ingress, workers around a store. The store, clock and random source
/// outlive it.
class local_node : public node_api {
public:
  static result<std::unique_ptr<local_node>> start(node_options how, kind_registry kinds,
                                                   journal::store& store, clock_source& clock,
                                                   random_source& random, executors verbs);
  ~local_node() override;

  /// Takes no more from outside and lets what runs reach the journal; returns then, or after `limit`.
  void drain(milliseconds limit);

  void inject(inject_request request, answer<inject_answer> done) override;
  void spawn(agent_id id, answer<agent_view> done) override;
  void stop(agent_id id, std::string reason, answer<agent_view> done) override;
  void restart(agent_id id, restart_mode mode, answer<agent_view> done) override;
  void list(agent_query query, answer<journal::page<agent_view>> done) override;
  void inspect(agent_id id, answer<agent_view> done) override;
  void mailbox(agent_id id, std::size_t limit, answer<journal::page<mail_view>> done) override;
  void history(agent_id id, std::string cursor, std::size_t limit,
               answer<journal::page<journal::stored_event>> done) override;
  void dead_letters(std::string cursor, std::size_t limit,
                    answer<journal::page<journal::stored_dead_letter>> done) override;
  void dead_letter(std::string id, answer<journal::stored_dead_letter> done) override;
  void replay_dead_letter(std::string id, answer<inject_answer> done) override;
  void listings(journal::listing_query query, answer<journal::page<journal::stored_listing>> done) override;
  void node(answer<node_view> done) override;
  bool ready(std::string& why) const override;

  // What the rest of the cluster asks of it; any thread.
  void arrived(peer_notice what);
  /// Agents and shards may have lost their owner.
  void members_changed();
  void freeze_all();
  void thaw_all();
  /// Lets an active agent stand still and answers its activation's epoch, once all it did is in the journal.
  void freeze(agent_id id, answer<std::uint64_t> done);
  void thaw(const agent_id& id);
  /// Another node has it.
  void let_go(const agent_id& id);
  /// Takes the agent from its owner, at exactly that epoch; answers the new one.
  void take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch, answer<std::uint64_t> done);
  std::vector<live_view> live(const std::vector<agent_id>& ids) const;
  std::vector<agent_id> active() const; // without ingress shards, which stay
  bool knows(std::string_view kind) const;
  /// Replays with a way of sending that reaches whichever node answers for the operator.
  using send_again = std::function<void(inject_request, answer<inject_answer>)>;
  void replay_dead_letter_by(std::string id, send_again send, answer<inject_answer> done);

  /// Sends a message in no stream, at most once; for benchmarks and local tools.
  void tell(told what);

private:
  struct parts;
  explicit local_node(std::unique_ptr<parts> made);
  void with_cell(const agent_id& id, bool activate, std::function<void(agent_cell&, instant)> use,
                 std::function<void(error)> otherwise);

  std::unique_ptr<parts> parts_;
};

} // namespace troupe
