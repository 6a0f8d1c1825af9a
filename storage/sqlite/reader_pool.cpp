#include "storage/sqlite/reader_pool.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/sql_error.hpp"

namespace troupe::storage {

reader_pool::reader_pool(const std::filesystem::path& file, const checked_vfs& vfs, unsigned readers) {
  for (unsigned i = 0; i < readers; ++i)
    contexts_.push_back(
        std::make_unique<read_context>(connection(file, vfs, access::read_only, limits::reader_cache_kib)));
  for (auto& context : contexts_)
    threads_.emplace_back([this, &context] { run(*context); });
}

reader_pool::~reader_pool() {
  {
    const std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  asked_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

void reader_pool::enqueue(job what) {
  {
    const std::lock_guard hold(mutex_);
    // Refusals too are given on a reader's thread, never inside the call.
    if (waiting_.size() >= limits::waiting_reads)
      what = [refused = std::move(what)](read_context*, const error&) {
        refused(nullptr, {fault::overloaded, "too many questions wait for the store", "ask again later"});
      };
    waiting_.push_back(std::move(what));
  }
  asked_.notify_one();
}

void reader_pool::run(read_context& on) {
  for (;;) {
    job next;
    {
      std::unique_lock hold(mutex_);
      asked_.wait(hold, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty())
        return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next(&on, {fault::internal, "the question was never asked", {}});
  }
}

error reader_pool::guarded(read_context& on, const std::function<void()>& work) {
  try {
    const transaction snapshot(on.db, transaction::mode::read);
    work();
    return {};
  } catch (const sql_error& e) {
    return e.as_error();
  }
}

} // namespace troupe::storage
