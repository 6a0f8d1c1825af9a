#pragma once

#include "cluster/node/system_cluster.hpp"
#include "runtime/door/node_api.hpp"

namespace troupe::cluster {

/// What the outside asks of a node, answered for the whole cluster: what concerns an agent goes to the node
/// that has it, lists tell of all of them. Node and cluster outlive it.
class clustered_node final : public node_api {
public:
  clustered_node(local_node& here, system_cluster& all)
      : here_(here)
      , all_(all) {}

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
  void nodes(answer<std::vector<node_view>> done) override;
  void migrate(agent_id id, std::string to, answer<move_report> done) override;
  void order_node(std::string name, node_order what, answer<node_order_report> done) override;
  bool ready(std::string& why) const override;

private:
  struct gathering;
  bool elsewhere(const agent_id& id, node_epoch& node);
  /// Asks the node that has the agent; `here` does it when that is this one.
  void order(agent_order what, std::function<void()> here, answer<agent_view> done);
  void add_live(std::shared_ptr<gathering> all);
  std::string name_of(node_epoch node) const;

  local_node& here_;
  system_cluster& all_;
};

} // namespace troupe::cluster
