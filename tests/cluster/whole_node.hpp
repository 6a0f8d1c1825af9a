#pragma once

#include "cluster/node/clustered_node.hpp"
#include "runtime/base/system_sources.hpp"
#include "runtime/host/local_node.hpp"
#include "storage/postgres/open.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

namespace troupe::testing {

/// A node as the composition root makes one, without its HTTP door: the probes' kinds on a shared PostgreSQL.
class whole_node {
public:
  whole_node(const std::string& server, const std::string& directory, std::string name);
  /// As kill -9 leaves it for the others: no farewell, its row says that it lives.
  ~whole_node();

  node_api& api() { return *door_; }
  cluster::system_cluster& cluster() { return *all_; }
  const std::string& name() const noexcept { return name_; }

  /// A call from outside and its reply, asked again while no node takes it.
  std::string ask(const std::string& agent, const std::string& type, const std::string& body);
  agent_view inspect(const std::string& agent);
  void let_go(const std::string& agent) { node_->let_go(*agent_id::parse(agent)); }
  result<move_report> migrate(const std::string& agent, const std::string& to);
  result<node_order_report> order(const std::string& node, node_order what);
  /// Every node, as this one tells of them.
  std::vector<node_view> nodes();
  /// Waits until that many nodes live, as this one knows, for at most a minute.
  bool sees(std::size_t living);

private:
  std::size_t living() const;

  std::string name_;
  std::mutex lock_; // of the count
  std::condition_variable changed_;
  std::size_t changes_ = 0; // what the cluster has said: it does whenever members come and go
  system_random_source random_;
  std::unique_ptr<journal::shared_store> store_;
  std::unique_ptr<cluster::system_cluster> all_;
  std::unique_ptr<local_node> node_;
  std::unique_ptr<cluster::clustered_node> door_;
};

} // namespace troupe::testing
