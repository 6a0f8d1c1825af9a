#include "tests/unit/storage/disk_model.hpp"
#include "tests/unit/storage/store_rigs.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <random>

namespace {

using namespace troupe;
using namespace troupe::testing;
using how = disk_model::unsynced;

/// A power failure at one moment: what the disk holds, and what had been acknowledged.
struct failure {
  std::unique_ptr<temporary_folder> disk = std::make_unique<temporary_folder>();
  int acknowledged = 0;
};

/// Turns one after the other; at many syncs, the power fails in one of the four ways.
class blackout {
public:
  blackout() {
    options_.disk = &model_;
    options_.checkpoint_bytes = 100'000; // many times around the log
    model_.at_sync = [this] {
      if (armed_)
        consider();
    };
  }

  void run(int turns) {
    sqlite_rig rig(options_);
    journal_desk desk(rig);
    const auto a = desk.claim("a/1");
    folder_ = rig.folder();
    armed_ = true;
    for (int i = 1; i <= turns; ++i) {
      auto t = journal_desk::turn(a);
      t.puts = {journal_desk::row(journal::row_class::document, "turns", std::to_string(i)),
                journal_desk::row(journal::row_class::record, std::to_string(i), std::string(300, 'r'))};
      t.outbox = {journal_desk::mail(journal_desk::id("b/1"), "message")};
      BOOST_REQUIRE((desk.commit(t).status == journal::commit_status::durable));
      acknowledged_ = i;
    }
    armed_ = false;
  }

  std::vector<failure> failures;

private:
  // On the thread that syncs: the writer's, or the one that moves pages.
  void consider() {
    const std::lock_guard hold(mutex_);
    if (++syncs_ % 3 != 0)
      return;
    for (const how way : {how::kept, how::lost, how::torn, how::zeroed}) {
      failure f;
      f.acknowledged = acknowledged_;
      std::filesystem::copy(folder_ / "commit.no", f.disk->path() / "commit.no");
      model_.write_image(f.disk->path(), way, random_);
      failures.push_back(std::move(f));
    }
  }

  disk_model model_;
  storage::sqlite_options options_;
  std::filesystem::path folder_;
  std::atomic<bool> armed_ = false;
  std::atomic<int> acknowledged_ = 0;
  std::mutex mutex_;
  int syncs_ = 0;
  std::mt19937_64 random_{42};
};

/// Empty when the store opens, holds all that was acknowledged, and no turn in part.
std::string problem_after(const failure& f) {
  storage::sqlite_options options;
  options.directory = f.disk->path();
  const auto rig = sqlite_rig::closed(options);
  if (const auto opened = rig->open(); !opened)
    return opened.error().message + "\n";
  journal_desk desk(*rig);
  const std::string found = desk.rows("a/1", journal::row_class::document);
  const int turns = found.empty() ? 0 : std::stoi(found.substr(found.find('=') + 1));
  const std::size_t sent = desk.totals().sent;
  const std::size_t pending = desk.pending(journal_desk::id("b/1")).rows.size();
  // One more may have been on its way to its acknowledgement, and one more on its way to the disk.
  if (turns < f.acknowledged || turns > f.acknowledged + 2)
    return std::to_string(f.acknowledged) + " acknowledged, " + std::to_string(turns) + " found\n";
  const bool whole = sent == static_cast<std::size_t>(turns) && pending == sent;
  return whole ? "" : "turn " + std::to_string(turns) + " is there in part\n";
}

std::string problems_after(const std::vector<failure>& all) {
  std::string problems;
  for (const failure& f : all)
    problems += problem_after(f);
  return problems;
}

BOOST_AUTO_TEST_SUITE(power_failure)

BOOST_AUTO_TEST_CASE(every_acknowledged_turn_survives_a_power_failure) {
  blackout night;
  night.run(300);
  BOOST_TEST(night.failures.size() > 400u);
  BOOST_TEST(problems_after(night.failures) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
