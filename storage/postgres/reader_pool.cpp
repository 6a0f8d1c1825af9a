#include "storage/postgres/reader_pool.hpp"

#include "storage/limits.hpp"

#include <algorithm>

namespace troupe::storage::postgres {
namespace {

constexpr std::chrono::milliseconds between_tries{100};

} // namespace

reader_pool::reader_pool(unsigned readers, std::chrono::milliseconds patience,
                         const std::function<line()>& open_line)
    : patience_(patience) {
  for (unsigned i = 0; i < std::max(1u, readers); ++i)
    lines_.push_back(open_line());
  for (auto& l : lines_)
    threads_.emplace_back([this, &l] { run(l); });
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

void reader_pool::enqueue(asker who, std::function<void(session*, const error&)> ask) {
  {
    const std::lock_guard hold(mutex_);
    // Refusals too are given on a reader's thread, never inside the call.
    if (waiting_.size() >= limits::waiting_reads)
      ask = [refused = std::move(ask)](session*, const error&) {
        refused(nullptr, {fault::overloaded, "too many questions wait for the store", "ask again later"});
      };
    waiting_.push_back({std::move(ask), who, std::chrono::steady_clock::now()});
  }
  asked_.notify_one();
}

/// Empty: the pool ends.
std::optional<reader_pool::question> reader_pool::next() {
  std::unique_lock hold(mutex_);
  asked_.wait(hold, [this] { return stopping_ || !waiting_.empty(); });
  if (waiting_.empty())
    return std::nullopt;
  question first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

void reader_pool::put_back(question what) {
  std::unique_lock hold(mutex_);
  waiting_.push_front(std::move(what));
  asked_.wait_for(hold, between_tries, [this] { return stopping_; });
}

void reader_pool::run(line& on) {
  while (auto what = next()) {
    if (try_answer(on, *what))
      continue;
    bool over = false;
    {
      const std::lock_guard hold(mutex_);
      over = stopping_;
    }
    if (over) {
      what->ask(nullptr,
                {fault::unavailable, "the store was closed while PostgreSQL could not be reached", {}});
      continue;
    }
    put_back(std::move(*what));
    refuse_impatient();
  }
}

/// False: the server is away, or asks to try again.
bool reader_pool::try_answer(line& on, question& what) {
  try {
    what.ask(&on.connected(), {fault::internal, "the question was never asked", {}});
    return true;
  } catch (const pg_error& e) {
    if (e.what_to_do == remedy::reconnect)
      on.lost();
    if (e.what_to_do == remedy::reconnect || e.what_to_do == remedy::again)
      return false;
    what.ask(nullptr, e.as_error());
    return true;
  }
}

void reader_pool::refuse_impatient() {
  std::vector<question> refused;
  {
    const std::lock_guard hold(mutex_);
    const auto before = std::chrono::steady_clock::now() - patience_;
    const auto gone = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const question& q) {
      return q.who == asker::node || q.since > before;
    });
    std::move(gone, waiting_.end(), std::back_inserter(refused));
    waiting_.erase(gone, waiting_.end());
  }
  for (auto& q : refused)
    q.ask(nullptr, {fault::unavailable, "PostgreSQL cannot be reached", "ask again later"});
}

} // namespace troupe::storage::postgres
