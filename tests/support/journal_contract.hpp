#pragma once

#include "runtime/journal/journal.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::testing {

/// One store under test, and how to make it work: a real one by waiting, a simulated one by stepping.
class journal_rig {
public:
  virtual ~journal_rig() = default;
  virtual journal::store& store() = 0;
  /// Closes the store and opens it again.
  virtual void reopen() = 0;
  /// Lets the store work until `done` holds; fails the test if that takes too long.
  virtual void let_work(const std::function<bool()>& done) = 0;
  /// An answer came, on whatever thread: `let_work` looks again.
  virtual void answered() {}
};

/// The journal's port as straight-line calls: each waits for its answer.
class journal_desk {
public:
  explicit journal_desk(journal_rig& rig)
      : rig_(rig) {}

  static agent_id id(const std::string& text);
  static journal::turn_commit turn(const journal::loaded_agent& of);
  static journal::agent_row row(journal::row_class cls, std::string key, std::string body,
                                instant expires = never);
  static journal::outgoing mail(const agent_id& to, std::string envelope, lane on = lane::mail);
  static journal::effect_put effect(std::string id);
  static journal::dead_letter letter(std::string id, std::int64_t at_ms);
  static journal::agent_event event(std::string kind, std::int64_t at_ms);

  journal::loaded_agent claim(const std::string& text);
  journal::receipt commit(journal::turn_commit turn);
  /// Sends `count` messages in one turn; returns their numbers.
  std::vector<std::uint64_t> send(const journal::loaded_agent& from, const agent_id& to, std::size_t count,
                                  lane on = lane::mail);
  /// Applies the rows (from, to] of a stream.
  journal::receipt apply(const journal::loaded_agent& by, std::uint64_t sender, std::uint64_t from,
                         std::uint64_t to, lane on = lane::mail);
  journal::pending_window pending(const agent_id& to, lane on = lane::mail, std::uint64_t after = 0,
                                  std::size_t limit = 1'000);
  journal::loaded_agent describe(const std::string& text);
  /// The keys of an agent's rows of one class, each followed by '=' and its body, joined by spaces.
  std::string rows(const std::string& agent, journal::row_class cls);
  journal::ledger totals();
  void reopen() { rig_.reopen(); }
  journal::store& store() { return rig_.store(); }
  std::vector<std::string> duties(instant now, std::size_t page = 100);

  /// Any call that answers with a result: `ask<bool>([&](auto done) { store.purge(id, now, done); })`.
  template<class T>
  result<T> ask(const std::function<void(journal::reply<T>)>& start) {
    std::optional<result<T>> answer;
    std::mutex guard;
    start([&, rig = &rig_](result<T> got) {
      {
        const std::lock_guard hold(guard);
        answer = std::move(got);
      }
      rig->answered(); // the desk may be gone by now, the rig not
    });
    rig_.let_work([&] {
      const std::lock_guard hold(guard);
      return answer.has_value();
    });
    return std::move(*answer);
  }

  /// Hands in all turns before it waits for any.
  std::vector<journal::receipt> commit_together(std::vector<journal::turn_commit> turns);

private:
  journal_rig& rig_;
};

struct contract_case {
  const char* name;
  void (*run)(journal_desk&);
};

/// What every store must do. One test case each.
std::vector<contract_case> stream_contract();
std::vector<contract_case> agent_contract();
std::vector<contract_case> purge_contract();
std::vector<contract_case> effect_contract();
std::vector<contract_case> list_contract();
std::vector<contract_case> listing_contract();

/// Adds a suite with all of them, each on a fresh store. Call it while the test program starts.
bool add_journal_contract(const std::string& suite, std::function<std::unique_ptr<journal_rig>()> fresh);

} // namespace troupe::testing
