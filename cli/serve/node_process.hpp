#pragma once

#include "runtime/process/descriptor.hpp"

#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::cli {

/// One process of the program that runs, started as a node: what it says on its standard output is ours to
/// hear, its log goes where ours does. Nothing here waits; its descriptors say when there is something new.
class node_process {
public:
  /// False: no process could be made. The thread that starts one must outlive it: it ends with that thread.
  bool start(const std::vector<std::string>& arguments,
             const std::map<std::string, std::string>& environment);

  bool runs() const noexcept { return pid_ > 0; }
  pid_t pid() const noexcept { return pid_; }
  /// Readable once it has ended; -1: it does not run.
  int end_handle() const noexcept { return end_.get(); }
  /// Readable when it has said something; -1: it says nothing any more.
  int output_handle() const noexcept { return output_.get(); }

  /// The next whole line it has said.
  std::optional<std::string> take_line();
  /// Its exit code, once, when it has ended; 128 + the signal that ended it.
  std::optional<int> take_end();
  void ask_to_end() const;

private:
  pid_t pid_ = 0;
  descriptor end_;
  descriptor output_;
  std::string said_;
};

} // namespace troupe::cli
