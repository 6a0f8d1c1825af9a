#pragma once

#include "config/result.hpp"

#include <optional>
#include <string>

namespace troupe::cli {

/// DIR/node.json: where the node that owns a data folder listens.
struct node_file {
  int pid = 0;
  std::string url;
  std::string started; // RFC 3339
};

std::string node_file_path(const std::string& data_dir);

/// Nothing if there is no file; corrupt if it cannot be read as one.
result<std::optional<node_file>> read_node_file(const std::string& data_dir);

/// In one step: readers see the old file or the new one.
result<bool> write_node_file(const std::string& data_dir, const node_file& node);
void remove_node_file(const std::string& data_dir);

} // namespace troupe::cli
