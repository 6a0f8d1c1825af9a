#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/connection.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace troupe::storage {

struct read_context;

/// Threads that answer questions beside the writer, each on a connection of its own. A question sees all that
/// was durable when it was asked.
class reader_pool {
public:
  reader_pool(const std::filesystem::path& file, const checked_vfs& vfs, unsigned readers);
  /// Answers what was asked, then ends.
  ~reader_pool();

  /// Any thread, does not wait. `query` runs inside a read transaction.
  template<class T>
  void ask(journal::reply<T> done, std::function<result<T>(read_context&)> query) {
    enqueue([done = std::move(done), query = std::move(query)](read_context* on, const error& refusal) {
      if (!on)
        return done(tl::unexpected<error>(refusal));
      result<T> answer = tl::unexpected<error>(refusal);
      const error failed = guarded(*on, [&] { answer = query(*on); });
      if (!failed.message.empty())
        answer = tl::unexpected<error>(failed);
      done(std::move(answer));
    });
  }

private:
  using job = std::function<void(read_context* on, const error& refusal)>;

  /// Runs `work` in a transaction; an empty message means it went well.
  static error guarded(read_context& on, const std::function<void()>& work);
  void enqueue(job what);
  void run(read_context& on);

  std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<job> waiting_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<read_context>> contexts_;
  std::vector<std::thread> threads_;
};

} // namespace troupe::storage
