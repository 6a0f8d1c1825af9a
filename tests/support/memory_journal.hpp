#pragma once

#include "runtime/journal/shared_store.hpp"
#include "tests/support/memory_tables.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace troupe::testing {

/// A store for simulations: one thread, no clock, no disk. Nothing happens by itself; the driver calls
/// `step`, and one seed decides which turns share a group and whether a question is answered before or after
/// it.
class memory_journal final : public journal::shared_store {
public:
  explicit memory_journal(std::uint64_t seed, memory_tables::switches unsafe = {});
  /// One more opening of a store that others have open, too: same tables, a queue of its own.
  memory_journal(std::uint64_t seed, std::shared_ptr<memory_tables> shared);

  // For the driver.

  /// Completes one thing: a group of writes, or one question. False: nothing is waiting.
  bool step();
  std::size_t waiting() const noexcept { return held_back_ ? 0 : writes_.size() + reads_.size(); }
  /// The store is out of reach: what is asked of it waits.
  void hold_back(bool on) { held_back_ = on; }

  /// The next group becomes durable, but nobody is told: what a crash between the two leaves behind.
  void commit_without_answers();

  /// The process dies: what is not durable is gone, and nobody is answered. Then it opens the store again.
  void crash();

  /// From now on nothing can be written, as after a failed sync: whatever waits or comes gets `failed`.
  void fail_writes(std::string why) { broken_ = std::move(why); }
  void heal_writes() { broken_.clear(); }

  /// unsafe_options::early_ack: groups are acknowledged, and become durable only with the group after them.
  void acknowledge_early(bool on) { early_ack_ = on; }

  // The port.

  std::uint64_t node_epoch() const override { return epoch_; }
  journal::member_table& members() override { return members_; }
  void take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch,
                 journal::reply<journal::loaded_agent> done) override;
  void commit(journal::turn_commit turn, std::function<void(journal::receipt)> done) override;
  void claim(agent_id id, bool create, journal::reply<journal::loaded_agent> done) override;
  void pending(address to, lane on, std::uint64_t after_sender, std::size_t limit,
               journal::reply<journal::pending_window> done) override;
  void record_result(std::string effect_id, std::uint64_t executor, std::string result,
                     journal::reply<bool> done) override;
  void adopt_effect(std::string effect_id, journal::reply<journal::effect_row> done) override;
  void find_row(std::uint64_t birth, journal::row_class cls, std::string key,
                journal::reply<std::optional<journal::agent_row>> done) override;
  void duties(instant now, std::string cursor, std::size_t limit,
              journal::reply<journal::page<journal::duty>> done) override;
  void purge(agent_id id, instant now, journal::reply<bool> done) override;
  void retire(agent_id id, std::uint64_t epoch, instant now, journal::reply<bool> done) override;
  void skip_control_of_absent(agent_id id, instant now, journal::reply<std::uint32_t> done) override;
  void sweep(instant rows_before, instant events_before, instant letters_before, std::size_t limit,
             journal::reply<std::size_t> done) override;
  void agents(std::string prefix, std::string cursor, std::size_t limit,
              journal::reply<journal::page<journal::agent_summary>> done) override;
  void describe(agent_id id, journal::reply<journal::loaded_agent> done) override;
  void history(agent_id id, std::string cursor, std::size_t limit,
               journal::reply<journal::page<journal::stored_event>> done) override;
  void dead_letters(std::string cursor, std::size_t limit,
                    journal::reply<journal::page<journal::stored_dead_letter>> done) override;
  void find_dead_letter(std::string id, journal::reply<journal::stored_dead_letter> done) override;
  void mark_replayed(std::string id, journal::reply<bool> done) override;
  void listings(journal::listing_query query,
                journal::reply<journal::page<journal::stored_listing>> done) override;
  void totals(journal::reply<journal::ledger> done) override;
  std::uint32_t pending_count(std::uint64_t sender_birth, const address& to) const override;
  std::uint32_t pending_count(std::uint64_t sender_birth) const override;

private:
  class memory_members final : public journal::member_table {
  public:
    explicit memory_members(memory_journal& of)
        : of_(of) {}
    void read(journal::reply<journal::member_list> done) override;
    void put(journal::member_row row, milliseconds lease, bool if_expired,
             journal::reply<std::uint64_t> done) override;
    void renew(std::uint64_t epoch, milliseconds lease, journal::reply<journal::lease_grant> done) override;
    void forget(instant before, journal::reply<std::size_t> done) override;

  private:
    memory_journal& of_;
  };
  struct write {
    std::function<std::function<void()>()> apply; // returns its answer
    std::function<void(const error&)> abandon;
  };
  std::uint64_t random();
  std::vector<write> take_group();
  void write_group(bool answer);
  void abandon_writes();
  template<class T>
  void ask(journal::reply<T> done, std::function<result<T>()> query);
  template<class T>
  void change(journal::reply<T> done, std::function<result<T>()> what);

  std::shared_ptr<memory_tables> held_;
  memory_tables& tables_;
  memory_members members_{*this};
  std::uint64_t epoch_ = 0;
  memory_tables durable_; // with early_ack: what a crash falls back to
  bool early_ack_ = false;
  bool held_back_ = false;
  std::uint64_t state_;
  std::string broken_;
  std::deque<write> writes_;
  std::deque<std::function<void()>> reads_;
};

} // namespace troupe::testing
