#include "storage/sqlite/open.hpp"
#include "tests/support/waiting_rig.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace {

using namespace troupe;
using namespace troupe::testing;

class folder {
public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "troupe-crash-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~folder() {
    std::error_code ignored; // a folder left behind fails no test
    std::filesystem::remove_all(path_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// A worker process; what it acknowledges comes through a pipe.
class worker {
public:
  worker(const std::filesystem::path& where, const std::string& point, int passes) {
    int ends[2];
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const std::string program = std::string(TROUPE_TEST_PROGRAMS) + "/journal_worker";
    const std::string count = std::to_string(passes);
    const char* const args[] = {program.c_str(), where.c_str(), point.c_str(), count.c_str(), nullptr};
    const int rc =
        ::posix_spawn(&process_, program.c_str(), &actions, nullptr, const_cast<char* const*>(args), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    said_ = ends[0];
    BOOST_REQUIRE(rc == 0);
  }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  ~worker() { ::close(said_); }

  /// Reads acknowledgements until `last` has come or the worker is gone.
  void listen_until(std::uint64_t last) {
    char byte = 0;
    std::string line;
    while (acknowledged < last && ::read(said_, &byte, 1) == 1)
      if (byte != '\n')
        line += byte;
      else
        acknowledged = std::stoull(std::exchange(line, {}));
  }

  void kill() const { ::kill(process_, SIGKILL); }

  /// The signal it ended with.
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

  std::uint64_t acknowledged = 0;

private:
  pid_t process_ = 0;
  int said_ = -1;
};

class store_at final : public waiting_rig {
public:
  explicit store_at(std::filesystem::path where)
      : where_(std::move(where)) {}

private:
  result<std::unique_ptr<journal::store>> open_store() override {
    storage::sqlite_options options;
    options.directory = where_;
    return storage::open_sqlite(options);
  }
  std::filesystem::path where_;
};

/// Empty when the store holds every acknowledged turn, and each whole.
std::string problem_in(const std::filesystem::path& where, std::uint64_t acknowledged) {
  store_at rig(where);
  if (const auto opened = rig.open(); !opened)
    return opened.error().message;
  journal_desk desk(rig);
  const std::string row = desk.rows("worker/1", journal::row_class::document);
  const std::uint64_t turns = row.empty() ? 0 : std::stoull(row.substr(row.find('=') + 1));
  if (turns < acknowledged || turns > acknowledged + 1)
    return std::to_string(acknowledged) + " acknowledged, " + std::to_string(turns) + " found";
  const auto sums = desk.totals();
  const bool whole = sums.sent == turns && sums.sent == sums.applied + sums.pending;
  return whole ? "" : "turn " + std::to_string(turns) + " is there in part";
}

/// Dies at a point again and again on the same store.
std::string dying_at(const std::string& point, int times) {
  const folder where;
  std::uint64_t acknowledged = 0;
  for (int i = 0; i < times; ++i) {
    worker w(where.path(), point, 1 + i * 7);
    w.listen_until(UINT64_MAX);
    if (w.wait() != SIGKILL)
      return point + " was never passed";
    acknowledged = std::max(acknowledged, w.acknowledged);
    if (auto problem = problem_in(where.path(), acknowledged); !problem.empty())
      return "after dying at " + point + ": " + problem;
  }
  return {};
}

/// Dies at a moment nobody chose.
std::string dying_anywhere(int times) {
  const folder where;
  std::uint64_t acknowledged = 0;
  for (int i = 0; i < times; ++i) {
    worker w(where.path(), "nowhere", 1);
    w.listen_until(acknowledged + 5 + static_cast<std::uint64_t>(i) * 3);
    w.kill();
    w.listen_until(UINT64_MAX);
    w.wait();
    acknowledged = std::max(acknowledged, w.acknowledged);
    if (auto problem = problem_in(where.path(), acknowledged); !problem.empty())
      return "after kill " + std::to_string(i) + ": " + problem;
  }
  return {};
}

BOOST_AUTO_TEST_SUITE(crash_points)

BOOST_AUTO_TEST_CASE(a_crash_before_the_commit_loses_nothing_acknowledged) {
  BOOST_TEST(dying_at("journal.before_commit", 5) == "");
}

BOOST_AUTO_TEST_CASE(a_crash_after_the_commit_loses_nothing_acknowledged) {
  BOOST_TEST(dying_at("journal.after_commit", 5) == "");
}

BOOST_AUTO_TEST_CASE(a_crash_after_the_side_file_loses_nothing_acknowledged) {
  BOOST_TEST(dying_at("journal.after_side_file", 5) == "");
}

BOOST_AUTO_TEST_CASE(a_crash_before_the_acknowledgement_loses_nothing_acknowledged) {
  BOOST_TEST(dying_at("journal.before_ack", 5) == "");
}

BOOST_AUTO_TEST_CASE(a_crash_after_the_acknowledgement_loses_nothing_acknowledged) {
  BOOST_TEST(dying_at("journal.after_ack", 5) == "");
}

BOOST_AUTO_TEST_CASE(kills_at_moments_nobody_chose_lose_nothing_acknowledged) {
  BOOST_TEST(dying_anywhere(25) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
