#include "tests/unit/storage/store_dump.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <sstream>

namespace troupe::testing {

using namespace journal;

namespace {

std::string random_text(std::mt19937_64& random, std::size_t most) {
  std::string text(random() % most, ' ');
  for (char& c : text)
    c = static_cast<char>('a' + random() % 26);
  return text;
}

/// What each agent does in the filling: keeps documents, sends, notes, asks, gives up.
turn_commit busy_turn(const loaded_agent& of, std::mt19937_64& random) {
  turn_commit t = journal_desk::turn(of);
  const std::string n = std::to_string(random());
  t.puts = {journal_desk::row(row_class::document, "state", random_text(random, 2'000)),
            journal_desk::row(row_class::call_key, n, random_text(random, 100), from_ms(1'000))};
  t.outbox = {
      journal_desk::mail(journal_desk::id("to/" + std::to_string(random() % 4)), random_text(random, 500))};
  t.events = {journal_desk::event("noted", 5)};
  t.effects = {journal_desk::effect("effect " + n)};
  t.dead_letters = {journal_desk::letter("letter " + n, 5)};
  t.next_due = from_ms(static_cast<std::int64_t>(random() % 1'000));
  return t;
}

class dumping {
public:
  explicit dumping(journal_desk& desk)
      : desk_(desk) {}

  result<std::string> run() {
    auto ok = agents();
    if (ok)
      ok = letters();
    if (ok)
      ok = sums();
    if (!ok)
      return tl::unexpected(ok.error());
    return out_.str();
  }

private:
  result<void> agents() {
    const auto found =
        desk_.ask<page<agent_summary>>([&](auto done) { desk_.store().agents("", "", 1'000, done); });
    if (!found)
      return tl::unexpected(found.error());
    for (const agent_summary& line : found->items)
      if (auto ok = agent(line.id); !ok)
        return ok;
    return {};
  }

  result<void> agent(const agent_id& id) {
    const auto found = desk_.ask<loaded_agent>([&](auto done) { desk_.store().describe(id, done); });
    if (!found)
      return tl::unexpected(found.error());
    out_ << id.text() << ' ' << found->birth << ' ' << found->epoch << ' ' << to_ms(found->next_due) << '\n';
    for (const agent_row& r : found->rows)
      out_ << static_cast<int>(r.cls) << ' ' << r.key << '=' << r.body << ' ' << to_ms(r.expires) << '\n';
    for (const effect_row& e : found->effects)
      out_ << e.effect.id << ' ' << e.effect.body << ' ' << e.result.value_or("-") << '\n';
    const auto events =
        desk_.ask<page<stored_event>>([&](auto done) { desk_.store().history(id, "", 1'000, done); });
    if (!events)
      return tl::unexpected(events.error());
    for (const stored_event& e : events->items)
      out_ << e.number << ' ' << e.event.kind << ' ' << e.event.detail << '\n';
    const auto mail = desk_.ask<pending_window>(
        [&](auto done) { desk_.store().pending(id.addr(), lane::mail, 0, 1'000, done); });
    if (!mail)
      return tl::unexpected(mail.error());
    for (const pending_row& r : mail->rows)
      out_ << r.sender_birth << ':' << r.number << ' ' << r.envelope << '\n';
    return {};
  }

  result<void> letters() {
    const auto found =
        desk_.ask<page<stored_dead_letter>>([&](auto done) { desk_.store().dead_letters("", 1'000, done); });
    if (!found)
      return tl::unexpected(found.error());
    for (const stored_dead_letter& l : found->items)
      out_ << l.letter.id << ' ' << l.letter.envelope << ' ' << l.replayed << '\n';
    return {};
  }

  result<void> sums() {
    const auto now = desk_.ask<ledger>([&](auto done) { desk_.store().totals(done); });
    if (!now)
      return tl::unexpected(now.error());
    out_ << now->sent << ' ' << now->applied << ' ' << now->pending << '\n';
    return {};
  }

  journal_desk& desk_;
  std::ostringstream out_;
};

} // namespace

result<std::string> dump(journal_desk& desk) { return dumping(desk).run(); }

void fill(journal_desk& desk, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto receiver = desk.claim("to/0");
  for (int i = 0; i < 8; ++i) {
    const auto a = desk.claim("from/" + std::to_string(i));
    desk.commit_together({busy_turn(a, random), busy_turn(a, random), busy_turn(a, random)});
    const auto waiting = desk.pending(receiver.id, lane::mail, a.birth - 1, 1);
    if (!waiting.rows.empty() && waiting.rows[0].sender_birth == a.birth)
      desk.apply(receiver, a.birth, 0, 1);
  }
  turn_commit large = journal_desk::turn(receiver);
  large.puts = {
      journal_desk::row(row_class::document, "large", std::string(40'000, 'L') + random_text(random, 99))};
  BOOST_REQUIRE((desk.commit(large).status == commit_status::durable));
}

} // namespace troupe::testing
