#pragma once

#include "actors/models/native/model_server.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace troupe::models {

/// Updates of one request on their way from the server's thread to one that waits for them.
class heard_text {
public:
  /// To be given to `model_server::ask`; may outlive this.
  static hear_update into(std::shared_ptr<heard_text> box) {
    return
        [box = std::move(box)](kernels::result<kernels::text_update> update) { box->put(std::move(update)); };
  }

  /// The next one; nothing if none comes in time.
  std::optional<kernels::result<kernels::text_update>> wait_for(std::chrono::milliseconds limit) {
    std::unique_lock lock(guard_);
    if (!came_.wait_for(lock, limit, [this] { return !updates_.empty(); }))
      return std::nullopt;
    auto next = std::move(updates_.front());
    updates_.pop_front();
    return next;
  }

private:
  void put(kernels::result<kernels::text_update> update) {
    {
      const std::lock_guard lock(guard_);
      updates_.push_back(std::move(update));
    }
    came_.notify_one();
  }

  std::mutex guard_;
  std::condition_variable came_;
  std::deque<kernels::result<kernels::text_update>> updates_; // bounded by the text's length
};

} // namespace troupe::models
