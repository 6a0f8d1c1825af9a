#include "storage/sqlite/agent_operations.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/upkeep.hpp"
#include "storage/sqlite/write_context.hpp"
#include "storage/unread_letter.hpp"

#include <algorithm>

namespace troupe::storage {
namespace {

constexpr std::size_t unread_at_a_time = 1'000;

class claim_operation final : public answered_operation<journal::loaded_agent> {
public:
  claim_operation(agent_loader& loader, agent_id id, bool create, journal::reply<journal::loaded_agent> done)
      : answered_operation(std::move(done))
      , loader_(loader)
      , id_(std::move(id))
      , create_(create) {}

  void apply(write_context& on) override {
    auto birth = on.agents.birth_of(id_);
    newborn_ = !birth && create_;
    if (newborn_)
      birth = on.agents.create(id_);
    if (!birth)
      return;
    birth_ = *birth;
    agent_table::entry& agent = on.agents.change(birth_);
    epoch_ = ++agent.epoch;
    agent.dirty = true;
    births_ = on.count.births;
  }

  // Nobody else can commit for the agent since the epoch grew: what the tables hold now is what it finds. It
  // may have been purged since, and even been born again: that is somebody else.
  void finish(write_context&) override {
    auto found = birth_ > 0 ? loader_.load(id_) : std::nullopt;
    if (!found || found->birth != birth_) {
      answer_ = fail(fault::not_found, "there is no agent " + id_.text());
      return;
    }
    found->epoch = epoch_;
    found->newborn = newborn_;
    found->births = births_;
    answer_ = std::move(*found);
  }

private:
  agent_loader& loader_;
  agent_id id_;
  bool create_;
  bool newborn_ = false;
  std::uint64_t birth_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint64_t births_ = 0;
};

/// Ends the pending rows of a receiver that is no more: mail becomes dead letters, control messages are
/// skipped.
class unread_ending {
public:
  unread_ending(upkeep& with, write_context& on, const agent_id& to)
      : with_(with)
      , on_(on)
      , to_(to) {}

  /// Returns how many rows it ended.
  std::uint32_t end_all(lane first, instant now) {
    std::uint32_t ended = 0;
    for (;;) {
      const auto rows = with_.unread(to_.addr(), first, unread_at_a_time);
      if (rows.empty())
        return ended;
      for (const auto& row : rows)
        end(row, now);
      ended += static_cast<std::uint32_t>(rows.size());
    }
  }

private:
  void end(const unread_row& row, instant now) {
    if (row.of.on == lane::mail)
      on_.letters.insert(letter_for(row, now));
    ++(row.of.on == lane::mail ? on_.count.dead_lettered : on_.count.skipped);
    on_.streams.discard(row.of, row.number);
    on_.streams.forget(row.of);
  }

  journal::dead_letter letter_for(const unread_row& row, instant now) const {
    journal::dead_letter letter;
    letter.id = unread_letter_id(now, to_, row.of.src, row.number);
    letter.reason = unread_letter_reason;
    letter.note = unread_letter_note(to_);
    letter.envelope = row.envelope;
    letter.to = to_;
    if (auto from = agent_id::parse(row.sender))
      letter.from = *from;
    letter.at = now;
    return letter;
  }

  upkeep& with_;
  write_context& on_;
  const agent_id& to_;
};

class purge_operation final : public answered_operation<bool> {
public:
  purge_operation(upkeep& with, agent_id id, std::optional<std::uint64_t> retired_at, instant now,
                  journal::reply<bool> done)
      : answered_operation(std::move(done))
      , with_(with)
      , id_(std::move(id))
      , retired_at_(retired_at)
      , now_(now) {}

  void apply(write_context& on) override {
    on.flush();
    answer_ = purge(on);
  }

private:
  result<bool> purge(write_context& on) {
    const auto birth = on.agents.birth_of(id_);
    if (!birth)
      return fail(fault::not_found, "there is no agent " + id_.text());
    if (retired_at_ &&
        (on.agents.change(*birth).epoch != *retired_at_ || !with_.unread(id_.addr(), lane::mail, 1).empty()))
      return fail(fault::conflict, id_.text() + " is wanted again");
    if (const std::string open = with_.still_open(on, *birth, now_); !open.empty())
      return fail(fault::conflict, id_.text() + " cannot be purged: it has " + open,
                  "see troupe inspect " + id_.text() + " --why");
    unread_ending(with_, on, id_).end_all(lane::mail, now_);
    on.streams.erase_marks(*birth, id_.addr());
    on.rows.erase_agent(*birth);
    on.listings.erase_agent(*birth);
    on.agents.remove(*birth);
    return true;
  }

  upkeep& with_;
  agent_id id_;
  std::optional<std::uint64_t> retired_at_;
  instant now_;
};

class skip_operation final : public answered_operation<std::uint32_t> {
public:
  skip_operation(upkeep& with, agent_id id, journal::reply<std::uint32_t> done)
      : answered_operation(std::move(done))
      , with_(with)
      , id_(std::move(id)) {}

  void apply(write_context& on) override {
    on.flush();
    if (on.agents.birth_of(id_))
      answer_ = fail(fault::conflict, id_.text() + " exists: it applies its control messages itself");
    else
      answer_ = unread_ending(with_, on, id_).end_all(lane::control, instant{});
  }

private:
  upkeep& with_;
  agent_id id_;
};

class record_operation final : public answered_operation<bool> {
public:
  record_operation(std::string id, std::uint64_t executor, std::string outcome, journal::reply<bool> done)
      : answered_operation(std::move(done))
      , id_(std::move(id))
      , executor_(executor)
      , outcome_(std::move(outcome)) {}

  void apply(write_context& on) override { answer_ = on.effects.record(id_, executor_, outcome_); }
  std::size_t weight() const override { return outcome_.size(); }

private:
  std::string id_;
  std::uint64_t executor_;
  std::string outcome_;
};

class adoption_operation final : public answered_operation<journal::effect_row> {
public:
  adoption_operation(std::string id, journal::reply<journal::effect_row> done)
      : answered_operation(std::move(done))
      , id_(std::move(id)) {}

  void apply(write_context& on) override { answer_ = on.effects.adopt(id_); }

private:
  std::string id_;
};

class replayed_operation final : public answered_operation<bool> {
public:
  replayed_operation(std::string id, journal::reply<bool> done)
      : answered_operation(std::move(done))
      , id_(std::move(id)) {}

  void apply(write_context& on) override {
    if (on.letters.mark_replayed(id_))
      answer_ = true;
    else
      answer_ = fail(fault::not_found, "there is no dead letter " + id_);
  }

private:
  std::string id_;
};

class sweep_operation final : public answered_operation<std::size_t> {
public:
  sweep_operation(upkeep& with, sweep_bounds bounds, journal::reply<std::size_t> done)
      : answered_operation(std::move(done))
      , with_(with)
      , bounds_(bounds) {}

  void apply(write_context& on) override {
    on.flush();
    const std::size_t limit = std::min(bounds_.limit, limits::page_items);
    answer_ = with_.sweep_rows(bounds_.rows_before, limit) +
              with_.sweep_events(bounds_.events_before, limit) +
              with_.sweep_letters(bounds_.letters_before, limit) + with_.sweep_marks(limit) +
              with_.sweep_blobs(limit);
  }

private:
  upkeep& with_;
  sweep_bounds bounds_;
};

} // namespace

std::unique_ptr<operation> make_claim(agent_loader& loader, agent_id id, bool create,
                                      journal::reply<journal::loaded_agent> done) {
  return std::make_unique<claim_operation>(loader, std::move(id), create, std::move(done));
}

std::unique_ptr<operation> make_purge(upkeep& with, agent_id id, std::optional<std::uint64_t> retired_at,
                                      instant now, journal::reply<bool> done) {
  return std::make_unique<purge_operation>(with, std::move(id), retired_at, now, std::move(done));
}

std::unique_ptr<operation> make_skip(upkeep& with, agent_id id, journal::reply<std::uint32_t> done) {
  return std::make_unique<skip_operation>(with, std::move(id), std::move(done));
}

std::unique_ptr<operation> make_record_result(std::string id, std::uint64_t executor, std::string outcome,
                                              journal::reply<bool> done) {
  return std::make_unique<record_operation>(std::move(id), executor, std::move(outcome), std::move(done));
}

std::unique_ptr<operation> make_adoption(std::string id, journal::reply<journal::effect_row> done) {
  return std::make_unique<adoption_operation>(std::move(id), std::move(done));
}

std::unique_ptr<operation> make_replayed_note(std::string id, journal::reply<bool> done) {
  return std::make_unique<replayed_operation>(std::move(id), std::move(done));
}

std::unique_ptr<operation> make_sweep(upkeep& with, sweep_bounds bounds, journal::reply<std::size_t> done) {
  return std::make_unique<sweep_operation>(with, bounds, std::move(done));
}

} // namespace troupe::storage
