#include "storage/sqlite/sqlite_store.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/agent_operations.hpp"
#include "storage/sqlite/queries.hpp"
#include "storage/sqlite/turn.hpp"

namespace troupe::storage {

using namespace journal;

sqlite_store::sqlite_store(opened_database opened, const sqlite_options& options)
    : lock_(std::move(opened.lock))
    , vfs_(std::move(opened.vfs))
    , node_epoch_(opened.start.node_epoch) {
  const auto file = options.directory / "troupe.db";
  fill(book_, opened.db);
  checkpointer::reports tell;
  tell.nearly_done = [this] { writer_->finish_checkpoint(); };
  tell.failed = [this](const error& why) { writer_->report_failure(why); };
  tell.warn = options.warn;
  checkpointer_ =
      std::make_unique<checkpointer>(connection(file, *vfs_, access::read_write, limits::reader_cache_kib),
                                     options.wal_alarm_bytes, std::move(tell));
  // The writer calls back only after its first group, and nobody can hand it one before this store exists.
  writer_ =
      std::make_unique<writer>(std::move(opened.db), opened.start, std::move(opened.side_file), options,
                               book_, [this](std::int64_t log_bytes) { checkpointer_->begin(log_bytes); });
  readers_ = std::make_unique<reader_pool>(file, *vfs_, options.readers);
}

sqlite_store::~sqlite_store() {
  checkpointer_->stop();
  const bool sound = writer_->finish();
  readers_.reset();
  writer_.reset();
  if (sound)
    checkpointer_->finish();
}

void sqlite_store::commit(turn_commit turn, std::function<void(receipt)> done) {
  writer_->submit(std::make_unique<turn_operation>(std::move(turn), std::move(done)));
}

void sqlite_store::claim(agent_id id, bool create, reply<loaded_agent> done) {
  writer_->submit(make_claim(writer_->loader(), std::move(id), create, std::move(done)));
}

void sqlite_store::pending(address to, lane on, std::uint64_t after_sender, std::size_t limit,
                           reply<pending_window> done) {
  readers_->ask<pending_window>(std::move(done), [=](read_context& c) -> result<pending_window> {
    return c.pending.run(to, on, after_sender, limit);
  });
}

void sqlite_store::record_result(std::string effect_id, std::uint64_t executor, std::string result,
                                 reply<bool> done) {
  writer_->submit(make_record_result(std::move(effect_id), executor, std::move(result), std::move(done)));
}

void sqlite_store::adopt_effect(std::string effect_id, reply<effect_row> done) {
  writer_->submit(make_adoption(std::move(effect_id), std::move(done)));
}

void sqlite_store::find_row(std::uint64_t birth, row_class cls, std::string key,
                            reply<std::optional<agent_row>> done) {
  readers_->ask<std::optional<agent_row>>(
      std::move(done), [=, key = std::move(key)](read_context& c) -> result<std::optional<agent_row>> {
        return c.lists.row(birth, cls, key);
      });
}

void sqlite_store::duties(instant now, std::string cursor, std::size_t limit, reply<page<duty>> done) {
  readers_->ask<page<duty>>(std::move(done), [=, this, cursor = std::move(cursor)](read_context& c) {
    return c.duties.run(now, node_epoch_, cursor, limit);
  });
}

void sqlite_store::purge(agent_id id, instant now, reply<bool> done) {
  writer_->submit(make_purge(writer_->keeper(), std::move(id), std::nullopt, now, std::move(done)));
}

void sqlite_store::retire(agent_id id, std::uint64_t epoch, instant now, reply<bool> done) {
  writer_->submit(make_purge(writer_->keeper(), std::move(id), epoch, now, std::move(done)));
}

void sqlite_store::skip_control_of_absent(agent_id id, instant, reply<std::uint32_t> done) {
  writer_->submit(make_skip(writer_->keeper(), std::move(id), std::move(done)));
}

void sqlite_store::sweep(instant rows_before, instant events_before, instant letters_before,
                         std::size_t limit, reply<std::size_t> done) {
  const sweep_bounds bounds{rows_before, events_before, letters_before, limit};
  writer_->submit(make_sweep(writer_->keeper(), bounds, std::move(done)));
}

void sqlite_store::agents(std::string prefix, std::string cursor, std::size_t limit,
                          reply<page<agent_summary>> done) {
  readers_->ask<page<agent_summary>>(
      std::move(done),
      [=, prefix = std::move(prefix), cursor = std::move(cursor)](
          read_context& c) -> result<page<agent_summary>> { return c.lists.agents(prefix, cursor, limit); });
}

void sqlite_store::describe(agent_id id, reply<loaded_agent> done) {
  readers_->ask<loaded_agent>(std::move(done), [id = std::move(id)](read_context& c) -> result<loaded_agent> {
    auto found = c.agents.load(id);
    if (!found)
      return fail(fault::not_found, "there is no agent " + id.text());
    return std::move(*found);
  });
}

void sqlite_store::history(agent_id id, std::string cursor, std::size_t limit,
                           reply<page<stored_event>> done) {
  readers_->ask<page<stored_event>>(std::move(done),
                                    [=, id = std::move(id), cursor = std::move(cursor)](read_context& c) {
                                      return c.lists.history(id, cursor, limit);
                                    });
}

void sqlite_store::dead_letters(std::string cursor, std::size_t limit, reply<page<stored_dead_letter>> done) {
  readers_->ask<page<stored_dead_letter>>(
      std::move(done), [=, cursor = std::move(cursor)](read_context& c) -> result<page<stored_dead_letter>> {
        return c.lists.dead_letters(cursor, limit);
      });
}

void sqlite_store::find_dead_letter(std::string id, reply<stored_dead_letter> done) {
  readers_->ask<stored_dead_letter>(
      std::move(done), [id = std::move(id)](read_context& c) { return c.lists.dead_letter(id); });
}

void sqlite_store::mark_replayed(std::string id, reply<bool> done) {
  writer_->submit(make_replayed_note(std::move(id), std::move(done)));
}

void sqlite_store::listings(listing_query query, reply<page<stored_listing>> done) {
  readers_->ask<page<stored_listing>>(
      std::move(done), [query = std::move(query)](read_context& c) { return c.listings.run(query); });
}

void sqlite_store::totals(reply<ledger> done) {
  readers_->ask<ledger>(std::move(done), [](read_context& c) -> result<ledger> { return c.lists.totals(); });
}

std::uint32_t sqlite_store::pending_count(std::uint64_t sender_birth, const address& to) const {
  return book_.mail(sender_birth, to);
}

std::uint32_t sqlite_store::pending_count(std::uint64_t sender_birth) const {
  return book_.mail(sender_birth);
}

} // namespace troupe::storage
