#include "runtime/base/fault_point.hpp"
#include "storage/sqlite/open.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <unistd.h>

// journal_worker FOLDER POINT N: opens the store in FOLDER and commits turn after turn, writing the number of
// each to its output once it is acknowledged. When it passes the fault point for the Nth time, it dies as by
// kill -9.

namespace {

using namespace troupe;
using namespace troupe::journal;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "journal_worker: %s\n", why.c_str());
  std::_Exit(2);
}

void say(std::uint64_t number) {
  const std::string line = std::to_string(number) + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0)
    give_up("nobody listens");
}

void die_at(const std::string& point, int passes) {
  arm_fault_points([point, left = passes](std::string_view name) mutable {
    if (name == point && --left == 0)
      ::kill(::getpid(), SIGKILL);
  });
}

loaded_agent claim(store& on, const agent_id& id) {
  std::promise<result<loaded_agent>> answer;
  on.claim(id, true, [&](result<loaded_agent> r) { answer.set_value(std::move(r)); });
  auto found = answer.get_future().get();
  if (!found)
    give_up(found.error().message);
  return std::move(*found);
}

std::uint64_t count_in(const loaded_agent& of) {
  for (const agent_row& row : of.rows)
    if (row.key == "turns")
      return std::stoull(row.body);
  return 0;
}

/// One turn: counts itself, applies the message of the turn before and sends the next one.
turn_commit turn(const loaded_agent& of, std::uint64_t number) {
  turn_commit t;
  t.id = of.id;
  t.birth = of.birth;
  t.epoch = of.epoch;
  t.puts = {{row_class::document, "turns", 1, std::to_string(number), never}};
  t.outbox = {{of.id, lane::mail, "message " + std::to_string(number)}};
  if (number > 1) {
    t.marks = {{of.birth, lane::mail, number - 2, number - 1}};
    t.applied = 1;
  }
  return t;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    give_up("usage: journal_worker FOLDER POINT N");
  storage::sqlite_options options;
  options.directory = argv[1];
  options.checkpoint_bytes = 100'000;
  auto opened = storage::open_sqlite(options);
  if (!opened)
    give_up(opened.error().message);
  store& on = **opened;
  const auto self = claim(on, *agent_id::parse("worker/1"));
  die_at(argv[2], std::atoi(argv[3])); // nothing runs in the store now
  for (std::uint64_t number = count_in(self) + 1;; ++number) {
    std::promise<receipt> answer;
    on.commit(turn(self, number), [&](receipt r) { answer.set_value(std::move(r)); });
    const receipt got = answer.get_future().get();
    if (got.status != commit_status::durable)
      give_up(got.why);
    say(number);
  }
}
