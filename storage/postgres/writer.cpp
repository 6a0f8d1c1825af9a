#include "storage/postgres/writer.hpp"

#include "runtime/base/fault_point.hpp"
#include "storage/postgres/claims.hpp"
#include "storage/postgres/plan_encoder.hpp"
#include "storage/postgres/results.hpp"

#include <chrono>
#include <exception>

namespace troupe::storage::postgres {
namespace {

constexpr std::chrono::milliseconds early_by{
    20}; // unsafe_options::early_ack: long enough for a kill to fall into

constexpr int tries_to_agree = 10; // about where streams stand; others move them only when an agent is purged

constexpr statement where_streams_stand = {
    "streams", "SELECT s.n, m.n, o.first, o.last FROM unnest($1::bytea[], $2::int2[], $3::int8[])"
               " WITH ORDINALITY AS s(dst, lane, src, n)"
               " LEFT JOIN agent ON agent.addr = s.dst"
               " LEFT JOIN mark AS m ON m.dst = agent.birth AND m.lane = s.lane AND m.src = s.src"
               " CROSS JOIN LATERAL (SELECT min(n) AS first, max(n) AS last FROM outbox"
               " WHERE outbox.dst = s.dst AND outbox.lane = s.lane AND outbox.src = s.src) o"};
constexpr statement what_became_of_it = {
    "outcome",
    "SELECT writer.epoch, commits, coalesce(tally.n, 0), passed FROM writer LEFT JOIN tally USING(node)"
    " WHERE node = $1::bytea"};
constexpr statement burn_number = {"burn", "UPDATE writer SET commits = $3::int8 WHERE node = $1::bytea"
                                           " AND epoch = $2::int8 AND commits = $3::int8 - 1"};
constexpr statement delete_kept = {
    "delete_kept", "DELETE FROM outbox USING unnest($1::bytea[], $2::int2[], $3::int8[], $4::int8[])"
                   " AS k(dst, lane, src, n) WHERE outbox.dst = k.dst AND outbox.lane = k.lane"
                   " AND outbox.src = k.src AND outbox.n <= k.n"};

} // namespace

writer::writer(line to_server, const store_mark& start, store_mark_file side_file,
               const postgres_options& options, progress& reached, outbox_book& book)
    : line_(std::move(to_server))
    , mark_(start)
    , side_file_(std::move(side_file))
    , progress_(reached)
    // Two activations of one agent in one statement would write the same rows: it knows only one that passes.
    , group_max_(options.unsafe_for_oracle_tests.no_fence ? 1 : options.group_max)
    , blob_threshold_(options.blob_threshold)
    , unsafe_(options.unsafe_for_oracle_tests)
    , died_(options.died)
    , book_(book)
    , keeper_({start.node.data(), start.node.size()}, start.epoch)
    , numbers_(limits::cached_streams)
    , thread_([this] { run(); }) {}

writer::~writer() {
  {
    const std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  line_.hang_up(); // while the server answers, what waits is still written
  thread_.join();
}

void writer::submit(std::unique_ptr<job> what) {
  {
    const std::lock_guard hold(mutex_);
    waiting_.push_back(std::move(what));
  }
  arrived_.notify_one();
}

void writer::run() {
  for (group all = next_group(); !all.empty(); all = next_group())
    process(all);
}

/// Empty: the writer was asked to stop and nothing is left.
writer::group writer::next_group() {
  std::unique_lock hold(mutex_);
  arrived_.wait(hold, [this] { return stopping_ || !waiting_.empty(); });
  group all;
  std::size_t weight = 0;
  while (!waiting_.empty() && all.size() < group_max_ && weight < limits::group_bytes) {
    weight += waiting_.front()->weight();
    all.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return all;
}

void writer::process(group& all) {
  if (!dead_) {
    try {
      for (const batch& b : in_batches(all))
        carry_out(b);
    } catch (const pg_error& e) {
      die(e.as_error());
    } catch (const hung_up&) {
      dead_ = error{fault::unavailable, "the store was closed while PostgreSQL could not be reached", {}};
    } catch (const std::exception& e) {
      die({fault::internal, std::string("the journal's writer failed: ") + e.what(), {}});
    }
  }
  if (dead_)
    return abandon(all);
  fault_point("journal.before_ack");
  for (auto& j : all)
    j->answer();
  fault_point("journal.after_ack");
  numbers_.trim();
}

void writer::carry_out(const batch& what) {
  switch (what.is) {
  case job::kind::turn:
    return commit(what.jobs);
  case job::kind::claim:
    return claim(what.jobs);
  case job::kind::result:
    return record(what.jobs);
  case job::kind::retire:
    return retire(what.jobs);
  case job::kind::single:
    return line_.persist([&](session& on, bool resent) {
      dynamic_cast<single_job&>(*what.jobs.front()).carry_out(on, resent);
    });
  }
}

void writer::commit(const std::vector<job*>& turns) {
  std::vector<const journal::turn_commit*> all;
  for (const job* j : turns)
    all.push_back(&static_cast<const turn_job*>(j)->turn);
  facts_by_stream facts;
  for (int tries = 0;; ++tries) {
    if (tries == tries_to_agree)
      throw pg_error(remedy::none, "XX001", "a stream misses rows between its mark and its last number");
    turn_plan plan(all, !unsafe_.no_dedupe, tries > 0 ? &facts : nullptr);
    const auto bits = send(plan, turns);
    if (!bits) { // a stream is not where some turn says: find out which, and leave that one out
      facts = look_up(plan.advanced());
      continue;
    }
    tell(turns, plan, *bits);
    plan.settle(*bits, numbers_, book_);
    if (unsafe_.no_dedupe)
      delete_consumed(plan, *bits);
    return;
  }
}

void writer::tell(const std::vector<job*>& turns, const turn_plan& plan, const std::string& bits) {
  const auto verdicts = plan.verdicts(bits);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    journal::receipt& receipt = static_cast<turn_job*>(turns[i])->receipt;
    receipt.status = verdicts[i].passed ? journal::commit_status::durable : journal::commit_status::fenced;
    receipt.numbers = verdicts[i].numbers;
    receipt.why = verdicts[i].why;
  }
}

void writer::acknowledge_early(const std::vector<job*>& turns, const turn_plan& plan) {
  tell(turns, plan, std::string(plan.activations(), '1'));
  for (job* j : turns) {
    auto& turn = *static_cast<turn_job*>(j);
    std::exchange(turn.done, [](journal::receipt) {})(turn.receipt);
  }
  std::this_thread::sleep_for(early_by);
}

/// Which activations passed. Empty: nothing was written, and the streams must be looked up.
std::optional<std::string> writer::send(turn_plan& plan, const std::vector<job*>& turns) {
  blob_book blobs(blob_threshold_);
  const facts_by_stream found = look_up(plan.unnumbered(numbers_));
  group_stamp stamp{std::string(mark_.node.data(), mark_.node.size()), mark_.epoch, mark_.commits + 1,
                    !unsafe_.no_fence, !unsafe_.no_dedupe};
  const parameters columns = commit_parameters(stamp, plan.encode(numbers_, found, blobs));
  if (unsafe_.early_ack)
    acknowledge_early(turns, plan);
  fault_point("journal.before_commit");
  const auto bits = line_.persist([&](session& on, bool resent) -> std::optional<std::string> {
    blobs.upload(on);
    try {
      const table passed = on.run(commit_statement(stamp.fenced), columns);
      return passed.size() == 0 ? outcome(on) : passed.string(0, 0);
    } catch (const pg_error& e) {
      if (e.code == blob_gone) // the sweep was quicker: once more
        throw pg_error(remedy::again, e.code, e.what());
      if (e.code != marks_moved)
        throw;
      // What was sent before under this number could still arrive: the number is used up first.
      return resent && !burn(on) ? outcome(on) : std::nullopt;
    }
  });
  fault_point("journal.after_commit");
  if (!bits)
    return bits;
  mark_.commits = stamp.number;
  if (auto written = side_file_.write(mark_); !written)
    throw pg_error(remedy::none, "58030", written.error().message);
  progress_.reached(mark_);
  fault_point("journal.after_side_file");
  return bits;
}

/// What became of a group whose number has been used already.
std::optional<std::string> writer::outcome(session& on) {
  const std::uint64_t number = mark_.commits + 1;
  const table found = on.run(what_became_of_it, parameters().bytes({mark_.node.data(), mark_.node.size()}));
  if (found.size() == 0 || found.natural(0, 1) < mark_.commits)
    throw pg_error(remedy::none, store_behind, "the store has forgotten what it had acknowledged");
  if (found.natural(0, 0) != mark_.epoch || found.natural(0, 1) > number)
    throw pg_error(remedy::none, "TR004", "another process has opened the store in this node's name");
  if (found.natural(0, 1) < number) // a transaction that had the gate has failed meanwhile
    throw pg_error(remedy::again, "40001", "the gate was busy");
  if (found.natural(0, 2) == number)
    return found.string(0, 3);
  mark_.commits = number; // burnt
  return std::nullopt;
}

bool writer::burn(session& on) {
  const table done = on.run(burn_number, parameters()
                                             .bytes({mark_.node.data(), mark_.node.size()})
                                             .number(mark_.epoch)
                                             .number(mark_.commits + 1));
  if (done.affected() != 1)
    return false;
  ++mark_.commits;
  return true;
}

namespace {

struct stream_columns {
  wire_array dst{element::bytea}, lanes{element::int2}, src{element::int8};
  void add(const stream& s) {
    dst.bytes(bytes_of(s.dst));
    lanes.number(static_cast<std::int64_t>(s.on));
    src.number(s.src);
  }
};

} // namespace

facts_by_stream writer::look_up(const std::vector<stream>& streams) {
  facts_by_stream facts;
  if (streams.empty())
    return facts;
  return line_.persist([&](session& on, bool) {
    facts.clear();
    stream_columns all;
    for (const stream& s : streams)
      all.add(s);
    const table rows =
        on.run(where_streams_stand,
               parameters().array(std::move(all.dst)).array(std::move(all.lanes)).array(std::move(all.src)));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      stream_facts& f = facts[streams[rows.natural(row, 0) - 1]];
      f.marked = !rows.null(row, 1);
      f.base = f.marked ? rows.natural(row, 1) : rows.null(row, 2) ? 0 : rows.natural(row, 2) - 1;
      f.last = std::max(f.base, rows.null(row, 3) ? 0 : rows.natural(row, 3));
    }
    return facts;
  });
}

void writer::delete_consumed(const turn_plan& plan, const std::string& bits) {
  stream_columns all;
  wire_array upto(element::int8);
  for (const auto& [s, to] : plan.consumed(bits)) {
    all.add(s);
    upto.number(to);
  }
  const parameters columns = parameters()
                                 .array(std::move(all.dst))
                                 .array(std::move(all.lanes))
                                 .array(std::move(all.src))
                                 .array(std::move(upto));
  line_.persist([&](session& on, bool) { on.run(delete_kept, columns); });
}

void writer::claim(const std::vector<job*>& claims) {
  std::vector<claim_job*> all;
  for (job* j : claims)
    all.push_back(static_cast<claim_job*>(j));
  line_.persist([&](session& on, bool resent) { claim_agents(on, all, mark_.epoch, resent, book_); });
  for (const claim_job* j : all) {
    if (!j->found || j->found->held_by != 0)
      continue;
    numbers_.forget_sender(j->found->birth);
    if (j->found->newborn)
      numbers_.begin(j->found->birth, j->found->epoch);
  }
}

void writer::record(const std::vector<job*>& results) {
  std::vector<result_job*> all;
  for (job* j : results)
    all.push_back(static_cast<result_job*>(j));
  line_.persist([&](session& on, bool) { record_results(on, all, blob_threshold_); });
}

void writer::retire(const std::vector<job*>& jobs) {
  std::vector<retire_job*> all;
  for (job* j : jobs)
    all.push_back(static_cast<retire_job*>(j));
  line_.persist([&](session& on, bool resent) { keeper_.retire(on, all, resent, numbers_); });
}

void writer::abandon(group& all) {
  for (auto& j : all)
    j->abandon(*dead_);
}

void writer::die(const error& why) {
  dead_ = why;
  died_(why);
}

} // namespace troupe::storage::postgres
