// Ephemeral messages: at most once, and no turn of their own in the journal while nothing follows from them.
#include "runtime/agent/agent_cell.hpp"

#include "runtime/agent/crash_row.hpp"

namespace troupe {
namespace {

constexpr std::size_t told_per_step = 32;

} // namespace

void agent_cell::deliver_told(told what) {
  if (over_)
    return refuse_told(what, "unavailable", "the agent is being passivated");
  if (!mailbox_.offer_told(what))
    refuse_told(what, "overloaded", "its mailbox is full");
}

void agent_cell::refuse_told(const told& what, const std::string& kind, const std::string& why) {
  services_.told_in_vain(what.items.size());
  if (!what.query.empty())
    actions_.push_back(answer_query{{what.from, what.query, outcome::failure(kind, why, found_.id.text())}});
}

bool agent_cell::refuse_all_told(const std::string& why) {
  bool any = mailbox_.has_told();
  while (mailbox_.has_told()) {
    refuse_told(mailbox_.told_front(), "unavailable", why);
    mailbox_.drop_told();
  }
  return any;
}

/// Several at once: as a rule they write nothing, and a turn that writes nothing is worth no commit.
bool agent_cell::step_told(instant now) {
  auto t = new_turn();
  std::size_t taken = 0;
  while (taken < told_per_step && mailbox_.has_told() && behaviour_->takes_mail() &&
         in_flight_.size() < options_.turns_in_flight_max) {
    ++taken;
    auto went = behaviour_->on_told(mailbox_.told_front(), mailbox_.told_index(), t, now);
    mailbox_.pop_told();
    if (went.went != verdict::how::done) {
      conclude(std::move(t), went, nullptr, now);
      return false;
    }
    if (t.commit.empty() && t.after.empty() && !retires()) {
      ++turns_;
      continue;
    }
    submit(std::move(t), now);
    t = new_turn();
  }
  return taken > 0;
}

} // namespace troupe
