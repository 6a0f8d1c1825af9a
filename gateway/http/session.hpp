#pragma once

#include "gateway/http/dispatcher.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace boost::asio {
class io_context;
}

namespace troupe::gateway {

class session;

/// All connections of one listener and the loop they run on. Shared, because a node may answer a request
/// after the server that asked is gone.
class connection_hub : public std::enable_shared_from_this<connection_hub> {
public:
  explicit connection_hub(const dispatcher& behind);
  ~connection_hub();
  connection_hub(const connection_hub&) = delete;
  connection_hub& operator=(const connection_hub&) = delete;

  boost::asio::io_context& io() noexcept { return *io_; }
  const dispatcher& behind() const noexcept { return behind_; }

  /// Takes over a connected socket. With `full` it is told to come back later and closed.
  void adopt(int descriptor, bool v6, bool full);
  void left(const std::shared_ptr<session>& who);

  bool draining() const noexcept { return draining_.load(std::memory_order_relaxed); }
  std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

  /// True if every connection ended by itself before the limit; those left are cut.
  bool drain(std::chrono::milliseconds limit);
  /// Only once the loop has stopped for good.
  void forget_all();

private:
  std::vector<std::shared_ptr<session>> everybody();

  const dispatcher& behind_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> count_{0};
  std::mutex guard_;
  std::condition_variable empty_;
  std::unordered_set<std::shared_ptr<session>> sessions_;
};

} // namespace troupe::gateway
