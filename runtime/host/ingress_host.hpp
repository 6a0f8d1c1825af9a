#pragma once

#include "runtime/host/caf_types.hpp"
#include "runtime/host/node_shared.hpp"
#include "runtime/node/ingress_shard.hpp"

#include <caf/event_based_actor.hpp>

namespace troupe::host {

/// The CAF actor around one ingress shard.
class ingress_host : public caf::event_based_actor {
public:
  ingress_host(caf::actor_config& config, node_shared& node, journal::loaded_agent found);

  caf::behavior make_behavior() override;
  const char* name() const override { return "troupe.ingress"; }

private:
  void take(host_input& in);
  void inject(in_inject& in, instant now);
  void leave();
  void do_actions();
  void perform(commit_turn& a);
  void perform(read_pending& a);
  void perform(find_key& a);
  void perform(answer_outside& a);

  node_shared& node_;
  ingress_shard shard_;
  instant armed_ = never;
};

} // namespace troupe::host
