#include "storage/postgres/postgres_store.hpp"

#include "storage/postgres/plan_encoder.hpp"
#include "storage/postgres/queries.hpp"
#include "storage/postgres/refresh_book.hpp"
#include "storage/postgres/results.hpp"

namespace troupe::storage::postgres {

using namespace journal;
using asker = reader_pool::asker;

namespace {

line line_to(const postgres_options& options, const progress& at, const std::string& name) {
  line to(settings_of(options, name), options.warn);
  to.check_with([&at](session& on) { at.check(on); });
  return to;
}

} // namespace

session::settings settings_of(const postgres_options& options, const std::string& name) {
  session::settings how;
  how.conninfo = options.server;
  how.schema = options.schema;
  how.name = name;
  how.limit = options.statement_limit;
  return how;
}

postgres_store::postgres_store(opened_store opened, const postgres_options& options)
    : lock_(std::move(opened.lock))
    , node_epoch_(opened.start.epoch)
    , store_id_(opened.start.store)
    , progress_(opened.start)
    , readers_(options.readers, options.patience,
               [&] { return line_to(options, progress_, "troupe reader"); })
    , renewers_(1, options.patience, [&] { return line_to(options, progress_, "troupe member"); })
    , members_(renewers_)
    , writer_(std::make_unique<writer>(line_to(options, progress_, "troupe writer"), opened.start,
                                       std::move(opened.side_file), options, progress_, book_)) {}

postgres_store::~postgres_store() { writer_.reset(); }

result<std::unique_ptr<shared_store>> open_store(opened_store opened, const postgres_options& options) {
  const std::uint64_t former = opened.former_epoch;
  auto made = std::make_unique<postgres_store>(std::move(opened), options);
  session once(settings_of(options, "troupe opening"));
  fill(once, former, made->book());
  return made;
}

template<class T>
void postgres_store::alone(std::function<result<T>(session&, bool)> what, reply<T> done) {
  writer_->submit(std::make_unique<single_job_of<T>>(std::move(what), std::move(done)));
}

void postgres_store::commit(turn_commit turn, std::function<void(receipt)> done) {
  writer_->submit(std::make_unique<turn_job>(std::move(turn), std::move(done)));
}

void postgres_store::claim(agent_id id, bool create, reply<loaded_agent> done) {
  writer_->submit(std::make_unique<claim_job>(std::move(id), create, std::nullopt, std::move(done)));
}

void postgres_store::take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch,
                               reply<loaded_agent> done) {
  writer_->submit(
      std::make_unique<claim_job>(std::move(id), false, claim_job::expected{owner, epoch}, std::move(done)));
}

void postgres_store::pending(address to, lane on, std::uint64_t after_sender, std::size_t limit,
                             reply<pending_window> done) {
  readers_.ask<pending_window>(asker::node, std::move(done), [=](session& s) -> result<pending_window> {
    return postgres::pending(s, to, on, after_sender, limit);
  });
}

void postgres_store::record_result(std::string effect_id, std::uint64_t executor, std::string result,
                                   reply<bool> done) {
  writer_->submit(
      std::make_unique<result_job>(std::move(effect_id), executor, std::move(result), std::move(done)));
}

void postgres_store::adopt_effect(std::string effect_id, reply<effect_row> done) {
  alone<effect_row>([id = std::move(effect_id), me = node_epoch_](
                        session& s, bool resent) { return postgres::adopt_effect(s, id, me, resent); },
                    std::move(done));
}

void postgres_store::find_row(std::uint64_t birth, row_class cls, std::string key,
                              reply<std::optional<agent_row>> done) {
  readers_.ask<std::optional<agent_row>>(
      asker::node, std::move(done),
      [=, key = std::move(key)](session& s) -> result<std::optional<agent_row>> {
        return postgres::find_row(s, birth, cls, key);
      });
}

void postgres_store::duties(instant now, std::string cursor, std::size_t limit, reply<page<duty>> done) {
  readers_.ask<page<duty>>(asker::node, std::move(done), [=, this, cursor = std::move(cursor)](session& s) {
    if (cursor.empty())
      refresh(s, book_);
    return postgres::duties(s, now, node_epoch_, cursor, limit);
  });
}

void postgres_store::purge(agent_id id, instant now, reply<bool> done) {
  alone<bool>(
      [w = writer_.get(), id = std::move(id), now](session& s, bool resent) {
        return w->keeper().purge(s, id, now, resent, w->numbers(), w->book());
      },
      std::move(done));
}

void postgres_store::retire(agent_id id, std::uint64_t epoch, instant now, reply<bool> done) {
  writer_->submit(std::make_unique<retire_job>(std::move(id), epoch, now, std::move(done)));
}

void postgres_store::skip_control_of_absent(agent_id id, instant, reply<std::uint32_t> done) {
  alone<std::uint32_t>(
      [w = writer_.get(), id = std::move(id)](session& s, bool) {
        return w->keeper().skip_control_of_absent(s, id, w->numbers(), w->book());
      },
      std::move(done));
}

void postgres_store::sweep(instant rows_before, instant events_before, instant letters_before,
                           std::size_t limit, reply<std::size_t> done) {
  const sweep_bounds bounds{rows_before, events_before, letters_before, limit};
  alone<std::size_t>([w = writer_.get(), bounds](session& s, bool) { return w->keeper().sweep(s, bounds); },
                     std::move(done));
}

void postgres_store::agents(std::string prefix, std::string cursor, std::size_t limit,
                            reply<page<agent_summary>> done) {
  readers_.ask<page<agent_summary>>(
      asker::person, std::move(done),
      [=, prefix = std::move(prefix), cursor = std::move(cursor)](session& s) -> result<page<agent_summary>> {
        return postgres::agents(s, prefix, cursor, limit);
      });
}

void postgres_store::describe(agent_id id, reply<loaded_agent> done) {
  readers_.ask<loaded_agent>(asker::person, std::move(done),
                             [id = std::move(id)](session& s) { return postgres::describe(s, id); });
}

void postgres_store::history(agent_id id, std::string cursor, std::size_t limit,
                             reply<page<stored_event>> done) {
  readers_.ask<page<stored_event>>(asker::person, std::move(done),
                                   [=, id = std::move(id), cursor = std::move(cursor)](session& s) {
                                     return postgres::history(s, id, cursor, limit);
                                   });
}

void postgres_store::dead_letters(std::string cursor, std::size_t limit,
                                  reply<page<stored_dead_letter>> done) {
  readers_.ask<page<stored_dead_letter>>(
      asker::person, std::move(done),
      [=, cursor = std::move(cursor)](session& s) -> result<page<stored_dead_letter>> {
        return postgres::dead_letters(s, cursor, limit);
      });
}

void postgres_store::find_dead_letter(std::string id, reply<stored_dead_letter> done) {
  readers_.ask<stored_dead_letter>(asker::person, std::move(done),
                                   [id = std::move(id)](session& s) { return postgres::dead_letter(s, id); });
}

void postgres_store::mark_replayed(std::string id, reply<bool> done) {
  alone<bool>([id = std::move(id)](session& s, bool) { return postgres::mark_replayed(s, id); },
              std::move(done));
}

void postgres_store::listings(listing_query query, reply<page<stored_listing>> done) {
  readers_.ask<page<stored_listing>>(asker::person, std::move(done), [query = std::move(query)](session& s) {
    return postgres::listings(s, query);
  });
}

void postgres_store::totals(reply<ledger> done) {
  readers_.ask<ledger>(asker::person, std::move(done),
                       [](session& s) -> result<ledger> { return postgres::totals(s); });
}

std::uint32_t postgres_store::pending_count(std::uint64_t sender_birth, const address& to) const {
  return book_.mail(sender_birth, to);
}

std::uint32_t postgres_store::pending_count(std::uint64_t sender_birth) const {
  return book_.mail(sender_birth);
}

} // namespace troupe::storage::postgres
