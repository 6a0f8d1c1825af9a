#pragma once

#include "config/result.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::cli {

/// Node processes of this machine: started from the program that runs, started again when they end by
/// themselves, stopped with it.
class several_nodes {
public:
  struct node {
    std::string name;
    std::string data_dir;
    std::string port; // of its HTTP door
    std::map<std::string, std::string> environment;
  };

  /// Returns once every node has said where it listens. unavailable: one of them did not start.
  static result<std::unique_ptr<several_nodes>> start(std::vector<node> all);
  ~several_nodes();

  /// Where each listens, in their order.
  std::vector<std::string> urls() const;
  /// All of them end, each after its drain.
  void stop();

private:
  struct parts;
  explicit several_nodes(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

} // namespace troupe::cli
