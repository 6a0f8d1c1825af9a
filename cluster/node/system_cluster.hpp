#pragma once

#include "cluster/node/cluster_core.hpp"
#include "runtime/node/peers.hpp"

#include <memory>

namespace troupe {
class local_node;
}

namespace troupe::cluster {

/// This process as a node of a cluster: the core on its links, its store and the real clock. Joins first,
/// then the node that runs the agents is attached.
class system_cluster final : public peers, public clock_source {
public:
  struct options {
    std::string name;
    std::string host = "127.0.0.1"; // of its links
    std::uint16_t port = 0;
    std::string cluster_id;
    std::string door; // URL of its HTTP door, for the others to know
    std::string build;
    std::uint32_t weight = 1;
    std::map<std::string, std::string> labels;
    std::vector<std::string> kinds; // that it can run
    std::string ca_file, certificate_file, key_file;
    milliseconds join_patience{20'000};
    cluster_core::options core;
    std::function<void(std::string level, std::string sentence)> log;
    /// Its row says dead (fenced) or left: the process is to end.
    std::function<void(std::string why, bool fenced)> on_end;
  };

  /// Returns once this node is a member and serves.
  static result<std::unique_ptr<system_cluster>> join(options how, journal::shared_store& store);
  ~system_cluster() override;

  /// From here on the others reach its agents. The node must outlive `detach`.
  void attach(local_node& node);
  /// Its agents are anybody's from now on, at once and not once its lease is over. Returns when its row says
  /// so, or after `patience`.
  void leave(milliseconds patience);
  /// Nothing reaches the node any more.
  void detach();

  /// The store's time, as renewals tell it, held to never go backwards: due times outlive the node that set
  /// them. Any thread.
  instant now() override;

  // What the node asks; any thread.
  std::uint64_t home_of(const agent_id& id) override;
  void learned(const agent_id& id, std::uint64_t owner) override;
  bool gone(std::uint64_t node) const override;
  void tell(std::uint64_t node, peer_notice what) override;

  // What the door asks; any thread, answers on the cluster's.
  /// As home_of, but where no hint is at hand the agent's row is read.
  void locate(agent_id id, std::function<void(node_epoch)> done);
  void ask(node_epoch node, request_body what, milliseconds patience, cluster_core::on_response done);
  void migrate(agent_id id, std::string to, answer<move_report> done);
  void order_node(std::string name, node_order what, answer<node_order_report> done);
  std::map<node_epoch, member> members() const;
  node_epoch self() const;

private:
  struct parts;
  explicit system_cluster(std::shared_ptr<parts> made);
  std::shared_ptr<parts> parts_;
};

} // namespace troupe::cluster
