#include "tests/support/memory_journal.hpp"

#include <algorithm>
#include <utility>

namespace troupe::testing {

using namespace journal;

namespace {

constexpr std::size_t group_max = 16;

} // namespace

memory_journal::memory_journal(std::uint64_t seed, std::shared_ptr<memory_tables> shared)
    : held_(std::move(shared))
    , tables_(*held_)
    , epoch_(++tables_.openings)
    , state_(seed) {}

memory_journal::memory_journal(std::uint64_t seed, memory_tables::switches unsafe)
    : memory_journal(seed, std::make_shared<memory_tables>()) {
  tables_.unsafe = unsafe;
  durable_ = tables_;
}

/// SplitMix64: every seed is a good one.
std::uint64_t memory_journal::random() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

bool memory_journal::step() {
  if (waiting() == 0)
    return false;
  tables_.node_epoch = epoch_;
  const bool read = writes_.empty() || (!reads_.empty() && random() % 2 == 0);
  if (read) {
    auto next = std::move(reads_.front());
    reads_.pop_front();
    next();
  } else if (broken_.empty()) {
    write_group(true);
  } else {
    abandon_writes();
  }
  return true;
}

void memory_journal::commit_without_answers() {
  tables_.node_epoch = epoch_;
  if (!writes_.empty() && broken_.empty())
    write_group(false);
}

std::vector<memory_journal::write> memory_journal::take_group() {
  const std::size_t size = 1 + random() % std::min(writes_.size(), group_max);
  std::vector<write> group(std::make_move_iterator(writes_.begin()),
                           std::make_move_iterator(writes_.begin() + static_cast<std::ptrdiff_t>(size)));
  writes_.erase(writes_.begin(), writes_.begin() + static_cast<std::ptrdiff_t>(size));
  return group;
}

void memory_journal::write_group(bool answer) {
  if (early_ack_)
    durable_ = tables_; // the group before this one
  std::vector<std::function<void()>> answers;
  for (write& w : take_group())
    answers.push_back(w.apply());
  tables_.count_commit();
  if (answer)
    for (auto& told : answers)
      told();
  if (tables_.unsafe.no_dedupe && random() % 4 == 0)
    tables_.delete_consumed();
}

void memory_journal::abandon_writes() {
  for (write& w : std::exchange(writes_, {}))
    w.abandon({fault::unavailable, broken_, {}});
}

void memory_journal::crash() {
  writes_.clear();
  reads_.clear();
  if (early_ack_)
    tables_ = durable_;
  tables_.forget_consumed();
  epoch_ = ++tables_.openings;
  if (early_ack_)
    durable_ = tables_;
}

void memory_journal::commit(turn_commit turn, std::function<void(receipt)> done) {
  write w;
  w.apply = [this, turn = std::move(turn), done] {
    return [answer = tables_.commit(turn), done] { done(answer); };
  };
  w.abandon = [done](const error& why) { done({commit_status::failed, {}, why.message}); };
  writes_.push_back(std::move(w));
}

template<class T>
void memory_journal::change(reply<T> done, std::function<result<T>()> what) {
  write w;
  w.apply = [what = std::move(what), done] { return [answer = what(), done] { done(answer); }; };
  w.abandon = [done](const error& why) { done(tl::unexpected<error>(why)); };
  writes_.push_back(std::move(w));
}

template<class T>
void memory_journal::ask(reply<T> done, std::function<result<T>()> query) {
  reads_.push_back([done = std::move(done), query = std::move(query)] { done(query()); });
}

void memory_journal::claim(agent_id id, bool create, reply<loaded_agent> done) {
  change<loaded_agent>(std::move(done), [=, this] { return tables_.claim(id, create); });
}

void memory_journal::take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch,
                               reply<loaded_agent> done) {
  change<loaded_agent>(std::move(done), [=, this] { return tables_.take_over(id, owner, epoch); });
}

void memory_journal::memory_members::read(reply<member_list> done) {
  of_.ask<member_list>(std::move(done), [this]() -> result<member_list> { return of_.tables_.members(); });
}

void memory_journal::memory_members::put(member_row row, milliseconds lease, bool if_expired,
                                         reply<std::uint64_t> done) {
  of_.change<std::uint64_t>(std::move(done),
                            [=, this] { return of_.tables_.put_member(row, lease, if_expired); });
}

void memory_journal::memory_members::renew(std::uint64_t epoch, milliseconds lease, reply<lease_grant> done) {
  of_.change<lease_grant>(std::move(done), [=, this] { return of_.tables_.renew(epoch, lease); });
}

void memory_journal::memory_members::forget(instant before, reply<std::size_t> done) {
  of_.change<std::size_t>(std::move(done),
                          [=, this]() -> result<std::size_t> { return of_.tables_.forget_members(before); });
}

void memory_journal::record_result(std::string effect_id, std::uint64_t executor, std::string result,
                                   reply<bool> done) {
  change<bool>(std::move(done), [=, this] { return tables_.record_result(effect_id, executor, result); });
}

void memory_journal::adopt_effect(std::string effect_id, reply<effect_row> done) {
  change<effect_row>(std::move(done), [=, this] { return tables_.adopt_effect(effect_id); });
}

void memory_journal::purge(agent_id id, instant now, reply<bool> done) {
  change<bool>(std::move(done), [=, this] { return tables_.purge(id, now); });
}

void memory_journal::retire(agent_id id, std::uint64_t epoch, instant now, reply<bool> done) {
  change<bool>(std::move(done), [=, this] { return tables_.retire(id, epoch, now); });
}

void memory_journal::skip_control_of_absent(agent_id id, instant, reply<std::uint32_t> done) {
  change<std::uint32_t>(std::move(done), [=, this] { return tables_.skip_control_of_absent(id); });
}

void memory_journal::sweep(instant rows_before, instant events_before, instant letters_before,
                           std::size_t limit, reply<std::size_t> done) {
  change<std::size_t>(std::move(done), [=, this]() -> result<std::size_t> {
    return tables_.sweep(rows_before, events_before, letters_before, limit);
  });
}

void memory_journal::mark_replayed(std::string id, reply<bool> done) {
  change<bool>(std::move(done), [=, this] { return tables_.mark_replayed(id); });
}

void memory_journal::pending(address to, lane on, std::uint64_t after_sender, std::size_t limit,
                             reply<pending_window> done) {
  ask<pending_window>(std::move(done), [=, this]() -> result<pending_window> {
    return tables_.pending(to, on, after_sender, limit);
  });
}

void memory_journal::find_row(std::uint64_t birth, row_class cls, std::string key,
                              reply<std::optional<agent_row>> done) {
  ask<std::optional<agent_row>>(std::move(done), [=, this]() -> result<std::optional<agent_row>> {
    return tables_.find_row(birth, cls, key);
  });
}

void memory_journal::duties(instant now, std::string cursor, std::size_t limit, reply<page<duty>> done) {
  ask<page<duty>>(std::move(done), [=, this] { return tables_.duties(now, cursor, limit); });
}

void memory_journal::agents(std::string prefix, std::string cursor, std::size_t limit,
                            reply<page<agent_summary>> done) {
  ask<page<agent_summary>>(std::move(done), [=, this]() -> result<page<agent_summary>> {
    return tables_.agents(prefix, cursor, limit);
  });
}

void memory_journal::describe(agent_id id, reply<loaded_agent> done) {
  ask<loaded_agent>(std::move(done), [=, this] { return tables_.describe(id); });
}

void memory_journal::history(agent_id id, std::string cursor, std::size_t limit,
                             reply<page<stored_event>> done) {
  ask<page<stored_event>>(std::move(done), [=, this] { return tables_.history(id, cursor, limit); });
}

void memory_journal::dead_letters(std::string cursor, std::size_t limit,
                                  reply<page<stored_dead_letter>> done) {
  ask<page<stored_dead_letter>>(std::move(done), [=, this]() -> result<page<stored_dead_letter>> {
    return tables_.dead_letters(cursor, limit);
  });
}

void memory_journal::find_dead_letter(std::string id, reply<stored_dead_letter> done) {
  ask<stored_dead_letter>(std::move(done), [=, this] { return tables_.find_dead_letter(id); });
}

void memory_journal::listings(listing_query query, reply<page<stored_listing>> done) {
  ask<page<stored_listing>>(
      std::move(done),
      [this, query = std::move(query)]() -> result<page<stored_listing>> { return tables_.listings(query); });
}

void memory_journal::totals(reply<ledger> done) {
  ask<ledger>(std::move(done), [this]() -> result<ledger> { return tables_.totals(); });
}

std::uint32_t memory_journal::pending_count(std::uint64_t sender_birth, const address& to) const {
  return tables_.pending_count(sender_birth, &to);
}

std::uint32_t memory_journal::pending_count(std::uint64_t sender_birth) const {
  return tables_.pending_count(sender_birth, nullptr);
}

} // namespace troupe::testing
