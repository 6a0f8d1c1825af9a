#pragma once

#include "storage/postgres/pg_error.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/store_mark.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

namespace troupe::storage::postgres {

/// A session that is opened anew whenever it was lost, for one thread. What is tried over it is tried again
/// until the server has answered, or somebody hangs up.
class line {
public:
  /// `check` looks at each new session before it is used: whether the server is still the one it was.
  line(session::settings how, std::function<void(const std::string&)> warn);
  line(line&&) noexcept;
  ~line();

  void check_with(std::function<void(session&)> check) { check_ = std::move(check); }

  /// `work(session, resent)`: an earlier try failed if `resent`, and may have been carried out. Throws
  /// pg_error only when trying again is no remedy, and `hung_up`.
  template<class F>
  auto persist(F&& work) {
    bool resent = false;
    for (int tries = 0;; ++tries) {
      try {
        session& on = connected();
        return work(on, resent);
      } catch (const pg_error& e) {
        if (e.what_to_do != remedy::reconnect && e.what_to_do != remedy::again)
          throw;
        resent = true;
        failed(e, tries);
      }
    }
  }

  /// One try, for those who can do without.
  session& connected();
  void lost() { session_.reset(); }

  /// Any thread: waiting ends, and what is tried fails with `hung_up`.
  void hang_up();

private:
  struct state;
  void failed(const pg_error& why, int tries);

  session::settings how_;
  std::function<void(const std::string&)> warn_;
  std::function<void(session&)> check_;
  std::optional<session> session_;
  std::unique_ptr<state> state_;
  bool told_ = false;
};

/// The line was hung up while the server was away.
struct hung_up {};

} // namespace troupe::storage::postgres
