#include "tests/unit/storage/disk_model.hpp"
#include "tests/unit/storage/store_rigs.hpp"

#include <boost/test/unit_test.hpp>
#include <condition_variable>

// Each switch must really take its guarantee away, or an oracle that stays silent proves nothing.

namespace {

using namespace troupe;
using namespace troupe::testing;
using journal::commit_status;

storage::sqlite_options with(void (*set)(storage::unsafe_options&)) {
  storage::sqlite_options options;
  set(options.unsafe_for_oracle_tests);
  return options;
}

/// Holds the first sync after arm() until somebody was answered; later ones judge nothing.
class sync_after_answer final : public storage::disk_hook {
public:
  storage::disk_verdict before_write(storage::disk_file, std::int64_t,
                                     std::span<const std::uint8_t>) override {
    return {};
  }
  void before_truncate(storage::disk_file, std::int64_t) override {}
  int before_sync(storage::disk_file) override {
    std::unique_lock hold(mutex_);
    if (std::exchange(armed_, false))
      answered_before_sync = answered_.wait_for(hold, std::chrono::seconds(60), [this] { return told_; });
    return 0;
  }
  void arm() {
    const std::lock_guard hold(mutex_);
    armed_ = true;
  }
  void answer() {
    const std::lock_guard hold(mutex_);
    told_ = true;
    answered_.notify_all();
  }
  std::atomic<bool> answered_before_sync = false;

private:
  std::mutex mutex_;
  std::condition_variable answered_;
  bool armed_ = false;
  bool told_ = false;
};

BOOST_AUTO_TEST_SUITE(unsafe_switches)

BOOST_AUTO_TEST_CASE(without_the_fence_an_old_activation_commits) {
  sqlite_rig rig(with([](storage::unsafe_options& u) { u.no_fence = true; }));
  journal_desk desk(rig);
  const auto old = desk.claim("a/1");
  desk.claim("a/1");
  BOOST_TEST((desk.commit(journal_desk::turn(old)).status == commit_status::durable));
}

BOOST_AUTO_TEST_CASE(without_dedupe_a_message_is_applied_twice) {
  sqlite_rig rig(with([](storage::unsafe_options& u) { u.no_dedupe = true; }));
  journal_desk desk(rig);
  const auto a = desk.claim("a/1");
  const auto b = desk.claim("b/1");
  desk.send(a, b.id, 1);
  BOOST_TEST((desk.apply(b, a.birth, 0, 1).status == commit_status::durable));
  BOOST_TEST((desk.apply(b, a.birth, 0, 1).status == commit_status::durable));
  BOOST_TEST(desk.totals().applied == 2u);
}

BOOST_AUTO_TEST_CASE(with_the_gate_open_a_turn_is_answered_before_it_is_on_disk) {
  sync_after_answer disk;
  auto options = with([](storage::unsafe_options& u) { u.early_ack = true; });
  options.disk = &disk;
  sqlite_rig rig(options);
  journal_desk desk(rig);
  const auto a = desk.claim("a/1");
  rig.reopen(); // the claim was answered early too: its sync must be over
  disk.arm();
  desk.store().commit(journal_desk::turn(a), [&](journal::receipt) { disk.answer(); });
  rig.reopen(); // an early answer says nothing of the sync: closing the store waits for it
  BOOST_TEST(disk.answered_before_sync);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
