#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/checked_vfs.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/folder_lock.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/reader_pool.hpp"
#include "storage/sqlite/streams.hpp"
#include "storage/sqlite/writer.hpp"

#include <memory>

namespace troupe::storage {

/// What `open_sqlite` prepared.
struct opened_database {
  folder_lock lock;
  std::unique_ptr<checked_vfs> vfs;
  connection db;
  counters start;
  commit_number side_file;
};

/// The journal's port on one SQLite file: hands writes to the writer and questions to the readers.
class sqlite_store final : public journal::store {
public:
  sqlite_store(opened_database opened, const sqlite_options& options);
  ~sqlite_store() override;

  std::uint64_t node_epoch() const override { return node_epoch_; }
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
  folder_lock lock_;
  std::unique_ptr<checked_vfs> vfs_;
  std::uint64_t node_epoch_;
  pending_book book_;
  std::unique_ptr<checkpointer> checkpointer_;
  std::unique_ptr<writer> writer_;
  std::unique_ptr<reader_pool> readers_;
};

} // namespace troupe::storage
