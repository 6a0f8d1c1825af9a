#pragma once

#include "cli/invocation.hpp"
#include "cli/serve/hosted_node.hpp"
#include "gateway/door.hpp"

#include <memory>
#include <string>

namespace troupe::cli {

/// A node of this very command's, with a door on a free port, so that approvals can reach it while it runs.
class embedded_node {
public:
  /// `workflows`: a file or folder to deploy; may be empty.
  static result<std::unique_ptr<embedded_node>> start(const invocation& run, const std::string& workflows,
                                                      const std::string& agents);
  ~embedded_node();

  std::string url() const { return door_->url(); }

private:
  std::string data_dir_;
  std::unique_ptr<hosted_node> node_;
  std::unique_ptr<gateway::door> door_;
};

} // namespace troupe::cli
