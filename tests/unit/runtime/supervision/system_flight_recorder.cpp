#include "runtime/supervision/system_flight_recorder.hpp"

#include "runtime/supervision/system_fatal_signals.hpp"
#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace troupe::supervision {

using namespace staging;

namespace {

using ending = flight_report::ending;

struct scratch_folder {
  std::filesystem::path path;
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "troupe-flight-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }
  std::filesystem::path file() const { return path / "flight"; }
};

flight_recorder opened(const scratch_folder& in) { return flight_recorder::open(in.file(), 4).value(); }

flight_recorder recording(const scratch_folder& in, std::uint64_t session) {
  flight_recorder recorder = opened(in);
  BOOST_REQUIRE(recorder.start(session).has_value());
  return recorder;
}

/// Runs `life` in a child process that records, and returns how the process ended. The child never comes
/// back.
template<class Life>
int status_of_child(const scratch_folder& in, Life life) {
  const pid_t pid = ::fork();
  BOOST_REQUIRE(pid >= 0);
  if (pid == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    auto recorder = flight_recorder::open(in.file(), 4);
    if (!recorder || !recorder->start(7))
      ::_exit(90);
    auto handlers = fatal_handlers::install(*recorder);
    if (!handlers)
      ::_exit(91);
    life(*recorder);
    ::_exit(92);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
  return status;
}

bool killed_by(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }

/// A write no sanitizer looks at first: to a page nobody may touch.
void touch_forbidden_page() {
  void* page = ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile char*>(page) = 1;
}

[[gnu::noinline]] int fall_for_ever(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth < 0 ? frame[0] : fall_for_ever(depth + 1) + frame[0];
}

/// Kills the child from outside while its turn runs; a byte in a pipe says that it does.
int status_when_killed_inside_a_turn(const scratch_folder& in, int signal) {
  int ready[2];
  BOOST_REQUIRE(::pipe(ready) == 0);
  const pid_t pid = ::fork();
  BOOST_REQUIRE(pid >= 0);
  if (pid == 0) {
    auto recorder = flight_recorder::open(in.file(), 4);
    if (!recorder || !recorder->start(7))
      ::_exit(90);
    recorder->begin(2, "stage/a", "m:7:1", at(5));
    if (::write(ready[1], "x", 1) != 1)
      ::_exit(93);
    while (true)
      ::pause();
  }
  char byte = 0;
  BOOST_REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::kill(pid, signal);
  int status = 0;
  BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
  ::close(ready[0]);
  ::close(ready[1]);
  return status;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flight_recorders)

BOOST_AUTO_TEST_CASE(a_new_folder_has_no_previous_recording) {
  scratch_folder folder;
  BOOST_CHECK(opened(folder).previous().how == ending::absent);
}

BOOST_AUTO_TEST_CASE(a_closed_recorder_leaves_a_clean_end) {
  scratch_folder folder;
  flight_recorder first = recording(folder, 7);
  first.begin(0, "stage/a", "m:7:1", at(5));
  first.close();
  const flight_recorder second = opened(folder);
  BOOST_CHECK(second.previous().how == ending::clean);
  BOOST_TEST(second.previous().turns.empty());
  BOOST_TEST(second.previous().session == 7u);
}

BOOST_AUTO_TEST_CASE(a_recorder_that_is_not_closed_leaves_an_unclean_end) {
  scratch_folder folder;
  recording(folder, 7);
  BOOST_CHECK(opened(folder).previous().how == ending::unclean);
}

BOOST_AUTO_TEST_CASE(a_crash_inside_a_turn_is_blamed_on_that_turn) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    recorder.begin(0, "stage/innocent", "m:7:1", at(5));
    recorder.begin(1, "stage/guilty", "m:7:2", at(6));
    touch_forbidden_page();
  });
  BOOST_TEST(killed_by(status, SIGSEGV));
  const flight_recorder after = opened(folder);
  const flight_report& report = after.previous();
  BOOST_CHECK(report.how == ending::unclean);
  BOOST_TEST(report.signal == SIGSEGV);
  BOOST_REQUIRE(report.turns.size() == 2u);
  BOOST_TEST(report.turns[0].signal == 0);
  BOOST_TEST(report.turns[1].agent == "stage/guilty");
  BOOST_TEST(report.turns[1].subject == "m:7:2");
  BOOST_TEST(report.turns[1].signal == SIGSEGV);
}

BOOST_AUTO_TEST_CASE(an_abort_inside_a_turn_is_blamed_on_that_turn) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    recorder.begin(3, "stage/a", "t:T:2", at(5));
    std::abort();
  });
  BOOST_TEST(killed_by(status, SIGABRT));
  BOOST_TEST(opened(folder).previous().turns.at(0).signal == SIGABRT);
}

BOOST_AUTO_TEST_CASE(an_overflown_stack_inside_a_turn_is_blamed_on_that_turn) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    const rlimit small_stack{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_STACK, &small_stack);
    recorder.begin(this_thread_slot(), "stage/a", "m:7:1", at(5));
    ::_exit(fall_for_ever(0));
  });
  BOOST_TEST(killed_by(status, SIGSEGV));
  BOOST_TEST(opened(folder).previous().turns.at(0).signal == SIGSEGV);
}

BOOST_AUTO_TEST_CASE(a_crash_of_another_thread_does_not_blame_a_running_turn) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    recorder.begin(0, "stage/a", "m:7:1", at(5));
    std::thread(touch_forbidden_page).join();
  });
  BOOST_TEST(killed_by(status, SIGSEGV));
  const flight_recorder after = opened(folder);
  BOOST_TEST(after.previous().signal == SIGSEGV);
  BOOST_TEST(after.previous().turns.at(0).signal == 0);
}

BOOST_AUTO_TEST_CASE(a_watchdogs_abort_is_blamed_on_the_turn_that_it_names) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    std::thread([&] {
      recorder.begin(0, "stage/quick", "m:7:1", at(6));
      recorder.begin(1, "stage/stuck", "m:7:2", at(5));
    }).join();
    recorder.blame(1, at(5), SIGABRT);
    std::abort();
  });
  BOOST_TEST(killed_by(status, SIGABRT));
  const flight_recorder after = opened(folder);
  BOOST_TEST(after.previous().turns.at(0).signal == 0);
  BOOST_TEST(after.previous().turns.at(1).signal == SIGABRT);
}

BOOST_AUTO_TEST_CASE(every_recording_of_the_process_notes_the_signal) {
  scratch_folder folder;
  scratch_folder other;
  const int status = status_of_child(folder, [&](flight_recorder& recorder) {
    auto second = flight_recorder::open(other.file(), 4);
    if (!second || !second->start(8))
      ::_exit(94);
    auto handlers = fatal_handlers::install(*second);
    recorder.begin(0, "stage/a", "m:7:1", at(5));
    touch_forbidden_page();
  });
  BOOST_TEST(killed_by(status, SIGSEGV));
  BOOST_TEST(opened(folder).previous().turns.at(0).signal == SIGSEGV);
  BOOST_TEST(opened(other).previous().signal == SIGSEGV);
  BOOST_TEST(opened(other).previous().turns.empty());
}

BOOST_AUTO_TEST_CASE(handlers_stand_until_the_last_recording_gives_them_up) {
  scratch_folder folder;
  const int status = status_of_child(folder, [&](flight_recorder&) {
    struct sigaction now {};
    {
      flight_recorder second = flight_recorder::open(folder.path / "second", 4).value();
      if (!second.start(8))
        ::_exit(94);
      auto handlers = fatal_handlers::install(second);
    }
    ::sigaction(SIGSEGV, nullptr, &now);
    ::_exit(now.sa_handler != SIG_DFL ? 0 : 1); // the first recording's still stand
  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(the_last_handlers_put_back_what_was_there) {
  scratch_folder folder;
  struct sigaction before {};
  ::sigaction(SIGBUS, nullptr, &before);
  flight_recorder recorder = recording(folder, 7);
  { const auto handlers = fatal_handlers::install(recorder); }
  struct sigaction after {};
  ::sigaction(SIGBUS, nullptr, &after);
  BOOST_CHECK(after.sa_handler == before.sa_handler);
}

BOOST_AUTO_TEST_CASE(a_slot_that_went_to_another_thread_is_not_blamed_on_its_former_one) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    { recorded_turn turn(recorder, 0, "stage/former", "m:7:1", at(5)); }
    std::thread([&] { recorder.begin(0, "stage/a", "m:7:2", at(6)); }).join();
    touch_forbidden_page();
  });
  BOOST_TEST(killed_by(status, SIGSEGV));
  const flight_recorder after = opened(folder);
  BOOST_TEST(after.previous().turns.at(0).agent == "stage/a");
  BOOST_TEST(after.previous().turns.at(0).signal == 0);
}

BOOST_AUTO_TEST_CASE(a_crash_between_turns_is_blamed_on_nobody) {
  scratch_folder folder;
  const int status = status_of_child(folder, [](flight_recorder& recorder) {
    { recorded_turn turn(recorder, 0, "stage/a", "m:7:1", at(5)); }
    ::raise(SIGFPE);
  });
  BOOST_TEST(killed_by(status, SIGFPE));
  BOOST_TEST(opened(folder).previous().signal == SIGFPE);
  BOOST_TEST(opened(folder).previous().turns.empty());
}

BOOST_AUTO_TEST_CASE(a_kill_inside_a_turn_leaves_the_turn_and_no_blame) {
  scratch_folder folder;
  BOOST_TEST(killed_by(status_when_killed_inside_a_turn(folder, SIGKILL), SIGKILL));
  const flight_recorder after = opened(folder);
  BOOST_CHECK(after.previous().how == ending::unclean);
  BOOST_TEST(after.previous().signal == 0);
  BOOST_REQUIRE(after.previous().turns.size() == 1u);
  BOOST_TEST(after.previous().turns[0].agent == "stage/a");
  BOOST_TEST(after.previous().turns[0].signal == 0);
}

BOOST_AUTO_TEST_CASE(a_report_stays_in_the_file_until_the_next_recording_starts) {
  scratch_folder folder;
  status_when_killed_inside_a_turn(folder, SIGKILL);
  opened(folder); // this start dies before it could commit anything
  BOOST_TEST(opened(folder).previous().turns.size() == 1u);
  recording(folder, 8).close();
  BOOST_CHECK(opened(folder).previous().how == ending::clean);
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_is_replaced) {
  scratch_folder folder;
  std::ofstream(folder.file()) << std::string(10'000, 'x');
  flight_recorder recorder = opened(folder);
  BOOST_CHECK(recorder.previous().how == ending::unreadable);
  BOOST_REQUIRE(recorder.start(8).has_value());
  recorder.close();
  BOOST_CHECK(opened(folder).previous().how == ending::clean);
}

BOOST_AUTO_TEST_CASE(a_recorder_of_another_size_reads_the_former_one) {
  scratch_folder folder;
  recording(folder, 7).close();
  flight_recorder larger = flight_recorder::open(folder.file(), 16).value();
  BOOST_CHECK(larger.previous().how == ending::clean);
  BOOST_REQUIRE(larger.start(8).has_value());
  larger.begin(15, "stage/a", "m:7:1", at(5));
  BOOST_TEST(opened(folder).previous().turns.size() == 1u);
  larger.end(15);
}

BOOST_AUTO_TEST_CASE(before_its_start_a_recorder_records_nothing) {
  scratch_folder folder;
  flight_recorder recorder = opened(folder);
  recorder.begin(0, "stage/a", "m:7:1", at(5));
  recorder.end(0);
  BOOST_CHECK(opened(folder).previous().how == ending::absent);
}

BOOST_AUTO_TEST_CASE(a_folder_that_does_not_exist_is_an_error_with_a_hint) {
  const auto recorder = flight_recorder::open("/nowhere/at/all/flight", 4);
  BOOST_REQUIRE(!recorder.has_value());
  BOOST_CHECK(recorder.error().what == fault::unavailable);
  BOOST_TEST(recorder.error().hint == "check the data folder's space and permissions");
}

BOOST_AUTO_TEST_CASE(a_thread_keeps_its_slot_and_gives_it_back) {
  const std::size_t mine = this_thread_slot();
  BOOST_TEST(this_thread_slot() == mine);
  std::size_t first = mine;
  std::thread([&] { first = this_thread_slot(); }).join();
  std::size_t second = mine;
  std::thread([&] { second = this_thread_slot(); }).join();
  BOOST_TEST(first != mine);
  BOOST_TEST(second == first);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
