#pragma once

#include "runtime/journal/shared_store.hpp"
#include "storage/postgres/member_rows.hpp"
#include "storage/postgres/options.hpp"
#include "storage/postgres/reader_pool.hpp"
#include "storage/postgres/writer.hpp"
#include "storage/sqlite/folder_lock.hpp"

#include <memory>

namespace troupe::storage::postgres {

/// What `open_postgres` prepared.
struct opened_store {
  folder_lock lock;
  store_mark start;
  std::uint64_t former_epoch = 0;
  store_mark_file side_file;
};

session::settings settings_of(const postgres_options& options, const std::string& name);

/// The journal's port on a PostgreSQL that several nodes may share: hands writes to the writer and questions
/// to the readers.
class postgres_store final : public journal::shared_store {
public:
  postgres_store(opened_store opened, const postgres_options& options);
  ~postgres_store() override;

  std::uint64_t node_epoch() const override { return node_epoch_; }
  std::uint64_t store_id() const override { return store_id_; }
  void commit(journal::turn_commit turn, std::function<void(journal::receipt)> done) override;
  void claim(agent_id id, bool create, journal::reply<journal::loaded_agent> done) override;
  void take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch,
                 journal::reply<journal::loaded_agent> done) override;
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

  journal::member_table& members() override { return members_; }
  outbox_book& book() noexcept { return book_; }

private:
  template<class T>
  void alone(std::function<result<T>(session&, bool)> what, journal::reply<T> done);

  folder_lock lock_;
  std::uint64_t node_epoch_;
  std::uint64_t store_id_;
  progress progress_;
  outbox_book book_;
  reader_pool readers_;
  reader_pool renewers_; // one connection: a lease never waits behind a question
  member_rows members_;
  std::unique_ptr<writer> writer_;
};

/// Begins with what the former opening had left pending.
result<std::unique_ptr<journal::shared_store>> open_store(opened_store opened,
                                                          const postgres_options& options);

} // namespace troupe::storage::postgres
