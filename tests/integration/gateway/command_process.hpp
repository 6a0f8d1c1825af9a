#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe::test {

/// The troupe command as a process of its own, in a folder of its own.
class command_process {
public:
  command_process(const std::vector<std::string>& words, const std::string& folder);
  ~command_process(); // kills it if it still runs
  command_process(const command_process&) = delete;
  command_process& operator=(const command_process&) = delete;

  /// A line of its standard output, without the end; empty once it has closed it.
  std::string read_line();
  void send_signal(int number) const;
  /// Its exit code, or 128 + the signal that ended it.
  int wait();

private:
  pid_t pid_ = -1;
  int out_ = -1;
};

/// A folder that is removed with everything in it.
class scratch_folder {
public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

} // namespace troupe::test
