#include "cli/test_switches.hpp"

#include "runtime/base/fault_point.hpp"
#include "runtime/base/fault_points.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <memory>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace troupe::cli {
namespace {

#ifdef TROUPE_TEST_SWITCHES
constexpr bool built_with_tests = true;
#else
constexpr bool built_with_tests = false;
#endif

struct switch_name {
  std::string_view name;
  void (*set)(test_switches&);
};

constexpr std::array<switch_name, 6> names{{
    {"no_dedupe", [](test_switches& s) { s.store.no_dedupe = true; }},
    {"no_fence", [](test_switches& s) { s.store.no_fence = true; }},
    {"early_ack", [](test_switches& s) { s.store.early_ack = true; }},
    {"open_gate", [](test_switches& s) { s.open_gate = true; }},
    {"rivals", [](test_switches& s) { s.rivals = true; }},
    {"upgraded_probes", [](test_switches& s) { s.upgraded_probes = true; }},
}};

std::string given(const std::map<std::string, std::string>& environment, const char* name) {
  auto found = environment.find(name);
  return found == environment.end() ? std::string{} : found->second;
}

result<void> read_unsafe(const std::string& text, test_switches& into) {
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    auto known = std::ranges::find(names, word, &switch_name::name);
    if (known == names.end())
      return fail(fault::invalid, "TROUPE_UNSAFE_FOR_TESTS knows no \"" + word + "\"",
                  "unset it: it is for the tests of this project only");
    known->set(into);
  }
  return {};
}

result<void> read_crash(const std::string& text, test_switches& into) {
  auto colon = text.find(':');
  into.crash_at = text.substr(0, colon);
  if (!is_fault_point(into.crash_at))
    return fail(fault::invalid, "TROUPE_CRASH_AT names no fault point: \"" + into.crash_at + "\"",
                "docs/fault-points.md lists them");
  if (colon == std::string::npos)
    return {};
  auto count = std::string_view(text).substr(colon + 1);
  auto [end, problem] = std::from_chars(count.data(), count.data() + count.size(), into.crash_passes);
  if (problem != std::errc() || end != count.data() + count.size() || into.crash_passes == 0)
    return fail(fault::invalid, "TROUPE_CRASH_AT wants POINT or POINT:N with N from 1", "unset it");
  return {};
}

} // namespace

result<test_switches> read_test_switches(const std::map<std::string, std::string>& environment) {
  auto unsafe = given(environment, "TROUPE_UNSAFE_FOR_TESTS");
  auto crash = given(environment, "TROUPE_CRASH_AT");
  test_switches read;
  if (unsafe.empty() && crash.empty())
    return read;
  if (!built_with_tests)
    return fail(fault::refused, "TROUPE_UNSAFE_FOR_TESTS and TROUPE_CRASH_AT are for builds with tests only",
                "unset them");
  if (auto known = read_unsafe(unsafe, read); !known)
    return tl::unexpected(known.error());
  if (!crash.empty())
    if (auto known = read_crash(crash, read); !known)
      return tl::unexpected(known.error());
  read.warning = "THIS NODE BREAKS ITS PROMISES FOR A TEST: " +
                 (unsafe.empty() ? std::string() : "TROUPE_UNSAFE_FOR_TESTS=" + unsafe + " ") +
                 (crash.empty() ? std::string() : "TROUPE_CRASH_AT=" + crash);
  return read;
}

void arm(const test_switches& switches) {
  if (switches.crash_at.empty())
    return;
  auto left = std::make_shared<std::atomic<unsigned>>(switches.crash_passes);
  arm_fault_points([point = switches.crash_at, left](std::string_view name) {
    if (name == point && left->fetch_sub(1) == 1)
      ::kill(::getpid(), SIGKILL);
  });
}

} // namespace troupe::cli
