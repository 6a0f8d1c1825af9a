#pragma once

#include "tests/support/temporary_folder.hpp"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace troupe::testing {

/// Stands between a client and a PostgreSQL's socket and passes on what both say, until it is told to steal:
/// then the next answer to a statement with a certain text is swallowed, once the server has given it, and
/// the connection cut. What the server did is done; its client cannot know.
class reply_thief {
public:
  explicit reply_thief(std::filesystem::path server_socket);
  ~reply_thief();

  std::string address() const { return "host=" + folder_.path().string() + " dbname=postgres user=troupe"; }
  /// The next statement whose bytes contain `text`.
  void steal_answer_to(std::string text);
  bool stolen() const { return stolen_; }

private:
  void run();
  void accept();
  struct pair {
    int client = -1;
    int server = -1;
    bool robbed = false;
  };
  bool pass(pair& between, bool from_client);

  temporary_folder folder_;
  std::filesystem::path server_socket_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::mutex mutex_;
  std::string wanted_;
  std::atomic<bool> stolen_ = false;
  std::vector<pair> pairs_;
  std::thread thread_;
};

} // namespace troupe::testing
