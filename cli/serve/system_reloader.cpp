#include "cli/serve/system_reloader.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

namespace troupe::cli {

using answer_to = std::function<void(result<json>)>;

class reloader::room {
public:
  explicit room(std::function<result<json>()> read)
      : read_(std::move(read))
      , thread_([this] { serve(); }) {}

  ~room() {
    {
      const std::lock_guard hold(guard_);
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
    for (auto& done : asked_)
      done(fail(fault::unavailable, "the node ends"));
  }

  void ask(answer_to done) {
    {
      const std::lock_guard hold(guard_);
      asked_.push_back(std::move(done));
    }
    wake_.notify_one();
  }

private:
  void serve() {
    std::unique_lock hold(guard_);
    for (;;) {
      wake_.wait(hold, [this] { return closing_ || !asked_.empty(); });
      if (closing_)
        return;
      auto done = std::move(asked_.front());
      asked_.pop_front();
      hold.unlock();
      done(read_());
      hold.lock();
    }
  }

  std::function<result<json>()> read_;
  std::mutex guard_;
  std::condition_variable wake_;
  std::deque<answer_to> asked_;
  bool closing_ = false;
  std::thread thread_; // last: it uses the rest
};

reloader::reloader(std::function<result<json>()> read)
    : room_(std::make_unique<room>(std::move(read))) {}
reloader::~reloader() = default;
void reloader::ask(std::function<void(result<json>)> done) { room_->ask(std::move(done)); }

} // namespace troupe::cli
