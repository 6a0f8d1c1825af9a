#pragma once

#include "config/result.hpp"

#include <functional>
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
    std::string port; // of its HTTP door; "0": a free one, which it keeps over restarts if it can
    std::map<std::string, std::string> environment;
  };
  /// Where those listen that run now, in their order: told once all do, before `start` returns, and whenever
  /// that changes; always by one thread.
  using on_change = std::function<void(const std::vector<std::string>& urls)>;

  /// Returns once every node has said where it listens. unavailable: one of them did not start.
  static result<std::unique_ptr<several_nodes>> start(std::vector<node> all, on_change changed);
  ~several_nodes();

  /// Where each listens that runs now, in their order.
  std::vector<std::string> urls() const;
  /// All of them end, each after its drain.
  void stop();

private:
  struct parts;
  explicit several_nodes(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

} // namespace troupe::cli
