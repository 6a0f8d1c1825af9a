#include "storage/postgres/turn_plan.hpp"

#include "storage/turn_account.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr std::size_t key_bytes_max = 2'000; // what an index entry of PostgreSQL holds

} // namespace

turn_plan::turn_plan(const std::vector<const journal::turn_commit*>& turns, bool deduped,
                     const facts_by_stream* checked)
    : deduped_(deduped)
    , checked_(checked) {
  for (const auto* turn : turns) {
    const std::size_t f = activation_of(*turn);
    turns_.push_back({turn, f, refusal(*turn, f), {}});
    if (turns_.back().refused.empty())
      accept(*turn, f);
    else
      activations_[f].spent = true;
  }
}

std::size_t turn_plan::activation_of(const journal::turn_commit& turn) {
  const auto [at, fresh] = by_birth_.try_emplace({turn.birth, turn.epoch}, activations_.size());
  if (fresh) {
    activation& a = activations_.emplace_back();
    a.birth = turn.birth;
    a.epoch = turn.epoch;
  }
  return at->second;
}

std::string turn_plan::refusal(const journal::turn_commit& turn, std::size_t f) const {
  if (activations_[f].spent)
    return "an earlier turn of activation " + std::to_string(turn.epoch) + " was refused";
  for (const auto& row : turn.puts)
    if (row.key.size() > key_bytes_max)
      return "the key of a row has more than " + std::to_string(key_bytes_max) + " bytes";
  if (auto wrong = unaccounted(turn); !wrong.empty())
    return wrong;
  for (const auto& m : turn.marks)
    if (auto wrong = deduped_ ? mark_refusal(turn, m, f) : std::string(); !wrong.empty())
      return wrong;
  return {};
}

std::string turn_plan::mark_refusal(const journal::turn_commit& turn, const journal::mark_advance& m,
                                    std::size_t f) const {
  const stream s{m.sender_birth, turn.id.addr(), m.on};
  const auto before = advances_.find({f, s});
  std::optional<std::uint64_t> mark;
  if (before != advances_.end())
    mark = before->second.to;
  else if (checked_ != nullptr)
    mark = checked_->at(s).base;
  if (mark && *mark != m.from)
    return "the mark of sender " + std::to_string(m.sender_birth) + " stands at " + std::to_string(*mark) +
           ", not at " + std::to_string(m.from);
  if (checked_ != nullptr && m.to > checked_->at(s).last)
    return "sender " + std::to_string(m.sender_birth) + " has sent up to " +
           std::to_string(checked_->at(s).last) + ", not " + std::to_string(m.to);
  return {};
}

void turn_plan::accept(const journal::turn_commit& turn, std::size_t f) {
  activation& a = activations_[f];
  for (const auto& m : turn.marks) {
    const stream s{m.sender_birth, turn.id.addr(), m.on};
    const bool fresh = checked_ != nullptr ? !checked_->at(s).marked : m.from == 0;
    advances_.try_emplace({f, s}, advance{m.from, m.from, fresh}).first->second.to = m.to;
  }
  const std::uint64_t taken = messages_taken(turn);
  a.sent += turn.outbox.size();
  a.applied += turn.applied;
  a.skipped += turn.skipped;
  a.dead_lettered += taken - turn.applied - turn.skipped;
  if (turn.next_due)
    a.next_due = turn.next_due;
  if (turn.status) {
    a.status = turn.status;
    a.reason = &turn.reason;
  }
}

std::vector<stream> turn_plan::advanced() const {
  std::unordered_map<stream, bool, stream_hash> distinct;
  for (const auto& t : turns_)
    for (const auto& m : t.turn->marks)
      distinct.try_emplace(stream{m.sender_birth, t.turn->id.addr(), m.on}, true);
  std::vector<stream> all;
  for (const auto& [s, seen] : distinct)
    all.push_back(s);
  return all;
}

std::vector<stream> turn_plan::unnumbered(const stream_numbers& known) const {
  std::unordered_map<stream, bool, stream_hash> missing;
  for (const auto& t : turns_) {
    if (!t.refused.empty())
      continue;
    for (const auto& row : t.turn->outbox) {
      const stream s{t.turn->birth, row.to.addr(), row.on};
      if (!known.last(s, t.turn->epoch))
        missing.try_emplace(s, true);
    }
  }
  std::vector<stream> all;
  for (const auto& [s, seen] : missing)
    all.push_back(s);
  return all;
}

std::vector<turn_plan::verdict> turn_plan::verdicts(const std::string& bits) const {
  std::vector<verdict> all;
  for (const auto& t : turns_) {
    verdict v;
    v.passed = t.refused.empty() && bits.at(t.f) == '1';
    if (!t.refused.empty())
      v.why = t.refused;
    else if (!v.passed)
      v.why = "activation " + std::to_string(t.turn->epoch) + " was superseded, or the agent was purged";
    else
      v.numbers = t.numbers;
    all.push_back(std::move(v));
  }
  return all;
}

std::vector<std::pair<stream, std::uint64_t>> turn_plan::consumed(const std::string& bits) const {
  std::vector<std::pair<stream, std::uint64_t>> all;
  for (const auto& [at, a] : advances_)
    if (bits.at(at.first) == '1')
      all.emplace_back(at.second, a.to);
  return all;
}

void turn_plan::settle(const std::string& bits, stream_numbers& numbers, outbox_book& book) const {
  for (std::size_t f = 0; f < activations_.size(); ++f)
    if (bits.at(f) != '1' || activations_[f].spent)
      numbers.forget_sender(activations_[f].birth);
  for (const auto& t : turns_) {
    if (!t.refused.empty() || bits.at(t.f) != '1')
      continue;
    for (std::size_t i = 0; i < t.turn->outbox.size(); ++i) {
      const stream s{t.turn->birth, t.turn->outbox[i].to.addr(), t.turn->outbox[i].on};
      if (!activations_[t.f].spent)
        numbers.remember(s, t.turn->epoch, t.numbers[i]);
      book.sent(s, t.numbers[i]);
    }
  }
  for (const auto& [s, to] : consumed(bits))
    book.settled(s, to);
}

} // namespace troupe::storage::postgres
