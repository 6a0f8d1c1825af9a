#pragma once

#include "runtime/host/caf_types.hpp"
#include "runtime/host/node_shared.hpp"

#include <caf/event_based_actor.hpp>

namespace troupe::host {

/// The CAF actor around one active agent's cell: hands it what arrives, does what it asks for.
class agent_host : public caf::event_based_actor, private cell_services {
public:
  agent_host(caf::actor_config& config, node_shared& node, journal::loaded_agent found, std::string fail_with,
             std::shared_ptr<live_state> live);
  ~agent_host() override;

  caf::behavior make_behavior() override;
  const char* name() const override { return "troupe.agent"; }

private:
  // cell_services
  random_source& random() override { return node_.random; }
  const kind_spec* find_kind(std::string_view name) const override { return node_.kinds.find(name); }
  std::uint32_t pending_count(std::uint64_t birth, const troupe::address& to) const override {
    return node_.store.pending_count(birth, to);
  }
  std::uint32_t pending_count(std::uint64_t birth) const override { return node_.store.pending_count(birth); }
  std::uint32_t sender_pending_max() const override { return node_.options.sender_pending_max; }
  std::uint64_t node_epoch() const override { return node_.store.node_epoch(); }
  bool executor_gone(std::uint64_t epoch) const override {
    return epoch != node_epoch() && (!node_.options.others || node_.options.others->gone(epoch));
  }
  milliseconds call_deadline() const override { return node_.options.call_deadline; }
  void turn_begins(const agent_id& agent, const std::string& subject) override;
  void turn_ends() override;
  void told_in_vain(std::size_t count) override {
    node_.ephemeral_dropped.fetch_add(count, std::memory_order_relaxed);
  }

  void take(host_input& in);
  void work();
  void leave();
  void say_farewell_if_all_is_told();
  void do_actions();
  void perform(commit_turn& a);
  void perform(read_pending& a);
  void perform(read_effects& a);
  void perform(run_work& a);
  void perform(execute_effect& a);
  void perform(forget_effect& a);
  void perform(tell_agent& a);
  void perform(answer_query& a);
  void perform(cell_over& a);
  void arm_wake(instant now);
  void publish(instant now);
  void tell_node_it_ended();
  void freeze(answer<std::uint64_t> done);
  void tell_if_still();

  node_shared& node_;
  std::unique_ptr<agent_cell> cell_;
  std::string name_;
  std::string fail_with_;
  std::shared_ptr<live_state> live_;
  instant armed_ = never;
  std::optional<cell_over> over_;
  answer<std::uint64_t> still_; // told once a move may take the agent
  bool leaving_ = false;
  bool more_sent_ = false;
  bool first_turn_told_ = false;
};

} // namespace troupe::host
