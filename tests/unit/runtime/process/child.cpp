#include "runtime/process/child.hpp"

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <unistd.h>

namespace troupe {
namespace {

using how = child_end::how;

struct patient final : cancel_token {
  bool canceled() const override { return false; }
};
struct impatient final : cancel_token {
  bool canceled() const override { return true; }
};

constexpr child_limits plenty{milliseconds(20'000), 64 * 1024, 0};

child_end shell(const std::string& script, const child_limits& most = plenty, std::string input = {}) {
  return run_program({"/bin/sh", {"-c", script}, {}, {}, std::move(input)}, most, patient());
}

BOOST_AUTO_TEST_SUITE(child_process)

BOOST_AUTO_TEST_CASE(a_program_gives_its_output_and_its_code) {
  const auto end = shell("echo out; echo err >&2; exit 3");
  BOOST_TEST((end.ended == how::exited));
  BOOST_TEST(end.code == 3);
  BOOST_TEST(end.output == "out\n");
  BOOST_TEST(end.errors == "err\n");
}

BOOST_AUTO_TEST_CASE(it_reads_its_input_to_the_end) {
  const std::string text(300'000, 'x');
  child_limits most = plenty;
  most.output_bytes = 400'000;
  BOOST_TEST((run_program({"/bin/cat", {}, {}, {}, text}, most, patient()).output == text));
}

BOOST_AUTO_TEST_CASE(arguments_are_never_read_by_a_shell) {
  const auto end = run_program({"/bin/echo", {"$HOME; `id`", "*"}, {}, {}, {}}, plenty, patient());
  BOOST_TEST(end.output == "$HOME; `id` *\n");
}

BOOST_AUTO_TEST_CASE(it_sees_no_environment_but_what_it_is_given) {
  ::setenv("TROUPE_TEST_LEAK", "secret", 1);
  const auto end = run_program({"/usr/bin/env", {}, {"LANG=C"}, {}, {}}, plenty, patient());
  ::unsetenv("TROUPE_TEST_LEAK");
  BOOST_TEST(end.output == "LANG=C\n");
}

BOOST_AUTO_TEST_CASE(it_runs_in_the_folder_it_is_given) {
  BOOST_TEST(run_program({"/bin/pwd", {}, {}, "/usr", {}}, plenty, patient()).output == "/usr\n");
}

BOOST_AUTO_TEST_CASE(descriptors_of_this_process_are_not_its_own) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe(ends.data()) == 0);
  const auto end = shell("ls /proc/self/fd | wc -l");
  ::close(ends[0]);
  ::close(ends[1]);
  BOOST_TEST(std::atoi(end.output.c_str()) == 4); // three, and the folder that ls reads
}

BOOST_AUTO_TEST_CASE(over_its_time_it_is_killed_with_what_it_started) {
  child_limits most = plenty;
  most.time = milliseconds(200);
  const auto end = shell("sleep 60 & sleep 60", most);
  BOOST_TEST((end.ended == how::late));
}

BOOST_AUTO_TEST_CASE(one_that_leaves_children_behind_ends_with_itself) {
  const auto end = shell("sleep 60 & echo done");
  BOOST_TEST((end.ended == how::exited)); // and not late: the limit is shorter than that sleep
  BOOST_TEST(end.output == "done\n");
}

BOOST_AUTO_TEST_CASE(over_its_output_it_is_killed) {
  child_limits most = plenty;
  most.output_bytes = 1'000;
  const auto end = shell("while :; do echo line; done", most);
  BOOST_TEST((end.ended == how::too_large));
  BOOST_TEST(end.output.size() <= 1'000U);
}

BOOST_AUTO_TEST_CASE(when_nobody_waits_any_more_it_is_killed) {
  const auto end = run_program({"/bin/sleep", {"60"}, {}, {}, {}}, plenty, impatient());
  BOOST_TEST((end.ended == how::canceled));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_told) {
  const auto end = run_program({"/no/such/program", {}, {}, {}, {}}, plenty, patient());
  BOOST_TEST((end.ended == how::not_started));
  BOOST_TEST(end.problem.find("/no/such/program") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_signal_is_told_apart_from_a_code) {
  const auto end = shell("kill -ABRT $$");
  BOOST_TEST((end.ended == how::killed));
  BOOST_TEST(end.code == SIGABRT);
}

BOOST_AUTO_TEST_CASE(work_apart_gives_its_text_and_leaves_no_trace_here) {
  int touched = 0;
  const auto end = run_apart(
      [&] {
        touched = 1;
        return std::string("made apart");
      },
      plenty, patient());
  BOOST_TEST((end.ended == how::exited));
  BOOST_TEST(end.output == "made apart");
  BOOST_TEST(touched == 0);
}

BOOST_AUTO_TEST_CASE(work_apart_that_crashes_or_loops_ends_alone) {
  BOOST_TEST((run_apart([]() -> std::string { std::abort(); }, plenty, patient()).ended == how::killed));
  child_limits most = plenty;
  most.time = milliseconds(100);
  const auto end = run_apart(
      []() -> std::string {
        for (std::atomic<int> spins = 0;; ++spins)
          continue;
      },
      most, patient());
  BOOST_TEST((end.ended == how::late));
}

BOOST_AUTO_TEST_CASE(work_apart_gets_no_more_memory_than_it_may) {
  child_limits most = plenty;
  most.memory_bytes = 64 * 1024 * 1024;
  const auto end = run_apart(
      []() -> std::string {
        void* much = std::malloc(512 * 1024 * 1024);
        const bool got = much != nullptr;
        std::free(much);
        return got ? "got it" : "refused";
      },
      most, patient());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  BOOST_TEST(end.output == "refused");
#else
  BOOST_TEST(end.output != "got it"); // their allocators die instead of giving null
#endif
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe
