#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/postgres/line.hpp"
#include "storage/postgres/options.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace troupe::storage::postgres {

/// Connections that answer questions beside the writer, a thread each. While the server is away the node's
/// own questions wait for it; those of people are told so after `patience`.
class reader_pool {
public:
  enum class asker { node, person };

  /// `open_line`: a line to the server, not yet connected.
  reader_pool(unsigned readers, std::chrono::milliseconds patience, const std::function<line()>& open_line);
  /// Answers what was asked, or that the store is closed, then ends.
  ~reader_pool();

  /// Any thread, does not wait.
  template<class T>
  void ask(asker who, journal::reply<T> done, std::function<result<T>(session&)> query) {
    enqueue(who, [done = std::move(done), query = std::move(query)](session* on, const error& refusal) {
      if (on == nullptr)
        return done(tl::unexpected<error>(refusal));
      result<T> answer = query(*on); // throws pg_error before `done`: the question may be asked again
      done(std::move(answer));
    });
  }

private:
  struct question {
    std::function<void(session* on, const error& refusal)> ask;
    asker who;
    std::chrono::steady_clock::time_point since;
  };

  void enqueue(asker who, std::function<void(session*, const error&)> ask);
  void run(line& on);
  std::optional<question> next();
  void put_back(question what);
  bool try_answer(line& on, question& what);
  void refuse_impatient();

  std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<question> waiting_;
  bool stopping_ = false;
  std::vector<line> lines_;
  std::vector<std::thread> threads_;
};

} // namespace troupe::storage::postgres
