// When runs begin by themselves: every instant once, whatever dies and wherever the clock jumps.
#include "tests/unit/workflows/run/run_rig.hpp"
#include "tests/unit/workflows/triggers/fold_rig.hpp"

#include "config/time_zone/system_zones.hpp"
#include "workflows/run/run_agent.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/triggers/clockwork.hpp"
#include "workflows/triggers/schedule_agent.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

using namespace troupe;
using namespace troupe::workflow;
using namespace std::chrono_literals;

namespace {

const instant midnight = from_ms(1'767'225'600'000); // 2026-01-01T00:00:00Z

std::string flow(const std::string& schedule, const std::string& steps = "{wait: 10ms}") {
  return "workflow: w\non: {schedule: {" + schedule + "}}\nsteps: [" + steps + "]\n";
}

struct timetable : fold_rig {
  explicit timetable(const std::string& schedule, const std::string& steps = "{wait: 10ms}") {
    known.add(flow(schedule, steps));
    kinds["workflow.schedule"] = [this](const agent_id& id) {
      return std::make_unique<schedule_agent>(id, known, zones);
    };
    kinds["workflow"] = [this](const agent_id& id) { return std::make_unique<run_agent>(id, known); };
    deploy();
  }

  void deploy() {
    send(id, "deploy");
    settle();
  }
  /// Instants whose runs have begun, each as often as it did: "00:15 00:30".
  std::string begun() {
    std::multiset<std::string> all;
    for (const auto& key : of_kind("workflow"))
      for (std::uint64_t i = 0; i < count("workflow/" + key, "run_started"); ++i)
        all.insert(nominal_of(key));
    std::string text;
    for (const auto& t : all)
      text += (text.empty() ? "" : " ") + t;
    return text;
  }
  std::string nominal_of(const std::string& run) {
    return text_in(static_cast<run_agent&>(agent("workflow/" + run)).run().event, "time").substr(11, 5);
  }
  const schedule_record& record() { return static_cast<schedule_agent&>(agent(id)).record(); }
  nlohmann::json listed() { return nlohmann::json::parse(agent(id).describe()); }

  text_catalog known;
  time_zone::system_zones zones;
  std::string id = "workflow.schedule/w/1";
};

} // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(a_run_begins_at_each_instant_from_the_deployment_on) {
  timetable t("cron: \"*/15 * * * *\"");
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45");
}

BOOST_AUTO_TEST_CASE(the_runs_id_is_its_instant_and_a_hash_of_the_schedule) {
  timetable t("every: 15m");
  t.go_to(midnight + 20min);
  BOOST_TEST(t.knows("workflow/" + schedule_agent::run_id("w/1", midnight + 15min)));
}

BOOST_AUTO_TEST_CASE(the_input_is_made_of_the_instant) {
  timetable t("every: 1h, input: {at: \"${{ event.time }}\"}");
  t.go_to(midnight + 1h);
  const auto key = "workflow/" + schedule_agent::run_id("w/1", midnight + 1h);
  BOOST_TEST(to_text(static_cast<run_agent&>(t.agent(key)).run().input) ==
             R"({"at":"2026-01-01T01:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(times_are_those_of_the_zone) {
  timetable t("cron: \"0 7 * * *\", timezone: Europe/Paris");
  t.go_to(midnight + 10h);
  BOOST_TEST(t.begun() == "06:00");
}

BOOST_AUTO_TEST_CASE(a_process_that_dies_before_each_record_is_written_misses_nothing_and_doubles_nothing) {
  timetable t("every: 15m");
  std::set<std::string> died;
  t.dies = [&](const std::string& agent, std::uint64_t record) {
    return died.insert(agent + std::to_string(record)).second ? fold_rig::death::before_commit
                                                              : fold_rig::death::none;
  };
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45");
  BOOST_TEST(t.deaths() > 10u);
}

BOOST_AUTO_TEST_CASE(a_process_that_dies_after_each_record_goes_on_from_there) {
  timetable t("every: 15m");
  t.dies = [](auto&, auto) { return fold_rig::death::after_commit; };
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45");
}

BOOST_AUTO_TEST_CASE(what_a_restart_overslept_is_made_up_for_one_after_the_other) {
  timetable t("every: 15s");
  t.restart_at(midnight + 50s);
  t.go_to(midnight + 55s);
  BOOST_TEST(t.record().started == 3u);
  BOOST_TEST(t.record().skipped == 0u);
}

BOOST_AUTO_TEST_CASE(without_catchup_the_latest_missed_instant_still_starts) {
  timetable t("cron: \"0 7 * * *\"");
  t.restart_at(midnight + 3 * 24h + 12h);
  t.settle();
  BOOST_TEST(t.begun() == "07:00");
  BOOST_TEST(t.count(t.id, "instants_missed") == 1u);
}

BOOST_AUTO_TEST_CASE(catchup_says_how_late_an_instant_may_start) {
  timetable t("every: 15m, catchup: 40m");
  t.restart_at(midnight + 2h + 1min);
  t.go_to(midnight + 2h + 2min);
  BOOST_TEST(t.begun() == "01:30 01:45 02:00");
}

BOOST_AUTO_TEST_CASE(what_is_later_than_its_catchup_is_missed_and_said_so) {
  timetable t("cron: \"0 7 * * *\", catchup: 1h");
  t.restart_at(midnight + 9h);
  t.settle();
  BOOST_TEST(t.begun() == "");
  BOOST_TEST(t.count(t.id, "instants_missed") == 1u);
}

BOOST_AUTO_TEST_CASE(an_instant_is_left_out_while_the_run_before_lives) {
  timetable t("every: 15m", "{wait: 20m}");
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:45");
  BOOST_TEST(t.record().skipped == 1u);
}

BOOST_AUTO_TEST_CASE(under_allow_runs_overlap) {
  timetable t("every: 15m, overlap: allow", "{wait: 40m}");
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45");
  BOOST_TEST(t.record().open.size() == 3u);
}

BOOST_AUTO_TEST_CASE(under_queue_each_waits_for_the_one_before) {
  timetable t("every: 15m, overlap: queue", "{wait: 20m}");
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:30");
  BOOST_TEST(t.record().waiting.size() == 1u);
}

BOOST_AUTO_TEST_CASE(under_cancel_running_the_newest_wins) {
  timetable t("every: 15m, overlap: cancel_running", "{wait: 20m}");
  t.go_to(midnight + 32min);
  BOOST_TEST(t.begun() == "00:15 00:30");
  const auto first = "workflow/" + schedule_agent::run_id("w/1", midnight + 15min);
  BOOST_TEST(t.count(first, "run_canceled") == 1u);
}

BOOST_AUTO_TEST_CASE(jitter_delays_each_instant_by_the_same_span_every_time) {
  timetable t("every: 15m, jitter: 5m");
  timetable again("every: 15m, jitter: 5m");
  t.go_to(midnight + 15min);
  again.dies = [](auto&, auto) { return fold_rig::death::after_commit; };
  t.go_to(midnight + 50min);
  again.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45");
  const auto key = "workflow/" + schedule_agent::run_id("w/1", midnight + 30min);
  const auto begun = static_cast<run_agent&>(t.agent(key)).run().started;
  BOOST_TEST((begun > midnight + 30min));
  BOOST_TEST((begun <= midnight + 35min));
  BOOST_TEST((static_cast<run_agent&>(again.agent(key)).run().started == begun));
}

BOOST_AUTO_TEST_CASE(a_clock_put_back_starts_nothing_twice_and_goes_on) {
  timetable t("every: 15m");
  t.go_to(midnight + 50min);
  t.restart_at(midnight + 10min);
  t.deploy();
  t.go_to(midnight + 65min);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45 01:00");
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_years_ahead_does_not_silence_a_schedule) {
  timetable t("cron: \"0 7 * * *\"");
  t.restart_at(midnight + 24h * 3650);
  t.pass(1min);
  t.restart_at(midnight + 1h);
  t.deploy();
  t.go_to(midnight + 8h);
  const auto key = schedule_agent::run_id("w/1", midnight + 7h);
  BOOST_TEST(t.count("workflow/" + key, "run_started") == 1u);
}

BOOST_AUTO_TEST_CASE(paused_it_starts_nothing_and_resumed_it_does_not_make_up_for_it) {
  timetable t("every: 15m");
  BOOST_TEST(t.ask(t.id, "pause").ok);
  t.go_to(midnight + 40min);
  BOOST_TEST(t.listed().at("state") == "paused");
  BOOST_TEST(t.ask(t.id, "resume").ok);
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:45");
}

BOOST_AUTO_TEST_CASE(triggered_it_starts_one_now) {
  timetable t("cron: \"0 7 * * *\"");
  t.pass(5min);
  const auto heard = t.ask(t.id, "trigger");
  BOOST_TEST(heard.ok);
  BOOST_TEST(t.begun() == "00:05");
  BOOST_TEST(t.count("workflow/" + nlohmann::json::parse(heard.body).at("run").get<std::string>(),
                     "run_started") == 1u);
}

BOOST_AUTO_TEST_CASE(a_backfill_starts_what_did_not_run_and_nothing_twice) {
  timetable t("every: 15m");
  t.go_to(midnight + 20min);
  t.ask(t.id, "pause");
  t.go_to(midnight + 50min);
  t.ask(t.id, "resume");
  const auto heard =
      t.ask(t.id, "backfill", R"({"from":"2026-01-01T00:15:00Z","to":"2026-01-01T00:45:00Z"})");
  t.pass(1min);
  BOOST_TEST(nlohmann::json::parse(heard.body).at("instants") == 3);
  BOOST_TEST(t.begun() == "00:15 00:30 00:45");
}

BOOST_AUTO_TEST_CASE(a_backfill_of_too_many_or_of_the_future_is_refused) {
  timetable t("every: 1s");
  t.ask(t.id, "pause");
  t.pass(2h);
  BOOST_TEST(t.ask(t.id, "backfill", R"({"from":"2026-01-01T00:00:00Z","to":"2026-01-01T01:00:00Z"})").kind ==
             "invalid");
  BOOST_TEST(t.ask(t.id, "backfill", R"({"from":"2026-01-01T00:00:00Z","to":"2027-01-01T00:00:00Z"})").kind ==
             "invalid");
}

BOOST_AUTO_TEST_CASE(a_changed_file_counts_from_its_deployment_on) {
  timetable t("cron: \"0 9 * * *\"");
  t.go_to(midnight + 8h);
  t.known.add(flow("cron: \"0 6,10 * * *\""));
  t.deploy();
  t.go_to(midnight + 11h);
  BOOST_TEST(t.begun() == "10:00");
}

BOOST_AUTO_TEST_CASE(removed_it_comes_no_more) {
  timetable t("every: 15m");
  t.go_to(midnight + 20min);
  t.send(t.id, "remove");
  t.go_to(midnight + 50min);
  BOOST_TEST(t.begun() == "00:15");
  BOOST_TEST(t.ask(t.id, "trigger").kind == "not_found");
}

BOOST_AUTO_TEST_CASE(on_a_node_without_its_workflow_it_waits_for_one_that_has_it) {
  timetable t("every: 15m");
  t.known.forget("w");
  t.go_to(midnight + 16min);
  BOOST_TEST(t.begun() == "");
  BOOST_TEST(t.listed().at("state") == "stuck");
  t.known.add(flow("every: 15m"));
  t.go_to(midnight + 20min);
  BOOST_TEST(t.begun() == "00:15");
}

BOOST_AUTO_TEST_CASE(an_input_that_cannot_be_made_is_told) {
  timetable t("every: 15m, input: {n: \"${{ event.nothing.at_all }}\"}");
  t.go_to(midnight + 16min);
  BOOST_TEST(t.begun() == "");
  BOOST_TEST(t.listed().at("state") == "stuck");
}

namespace {

/// Random schedules, deaths, jumps and times without a process; the oracle counts instant after instant.
struct chance {
  explicit chance(std::uint32_t seed)
      : engine(seed) {}
  std::mt19937 engine;
  std::int64_t upto(std::int64_t most) { return static_cast<std::int64_t>(engine() % (most + 1)); }

  std::string schedule() {
    const std::string zones[] = {"UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"};
    const auto jitter = upto(1) == 0 ? ", jitter: " + std::to_string(1 + upto(50)) + "s" : "";
    if (upto(2) == 0)
      return "every: " + std::to_string(60 + upto(3'000)) + "s, overlap: allow, catchup: 30d" + jitter;
    return "cron: \"" + std::to_string(upto(59)) + ' ' +
           (upto(1) ? "*/" + std::to_string(1 + upto(7)) : "*") + " * * *\", timezone: " + zones[upto(3)] +
           ", overlap: allow, catchup: 30d" + jitter;
  }
};

std::set<std::string> expected(timetable& t, instant from, instant until) {
  const auto& rule = t.known.find_workflow("w")->made->schedules.front();
  const auto when = clockwork::make(rule, t.zones);
  std::set<std::string> runs;
  for (auto next = when->next(from, until); next; next = when->next(*next, until))
    runs.insert(schedule_agent::run_id("w/1", *next));
  return runs;
}

/// What went wrong with a seed; empty: nothing.
std::string try_seed(std::uint32_t seed) {
  chance draw(seed);
  const auto text = draw.schedule();
  timetable t(text);
  t.restart_at(midnight + std::chrono::hours(draw.upto(24 * 300))); // some lie across a change of the clock
  t.send(t.id, "remove");
  t.settle();
  t.deploy();
  const auto begin = t.now;
  t.dies = [&](auto&, auto) { return static_cast<fold_rig::death>(draw.upto(8) % 4 % 3); };
  auto latest = begin;
  for (int i = 0; i < 12; ++i) {
    const auto span = std::chrono::seconds(draw.upto(20'000));
    if (draw.upto(3) > 0)
      t.go_to(t.now + span);
    else
      t.restart_at(draw.upto(1) ? t.now + span : std::max(begin, t.now - span)), t.deploy();
    latest = std::max(latest, t.now);
  }
  t.go_to(latest + 61s);
  const auto settled = latest; // jitter is shorter than what has passed since
  const auto wanted = expected(t, begin, settled);
  std::set<std::string> begun;
  for (const auto& key : t.of_kind("workflow")) {
    if (t.count("workflow/" + key, "run_started") != 1)
      return text + ": a run began more than once";
    begun.insert(key);
  }
  for (const auto& run : wanted)
    if (!begun.contains(run))
      return text + ": an instant was missed";
  const auto sure = expected(t, begin, t.now);
  for (const auto& run : begun)
    if (!sure.contains(run))
      return text + ": a run belongs to no instant";
  return "";
}

} // namespace

BOOST_AUTO_TEST_CASE(no_instant_is_missed_or_doubled_under_random_deaths_and_jumps) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed)
    BOOST_REQUIRE_MESSAGE(try_seed(seed).empty(), "seed " << seed << ": " << try_seed(seed));
}

BOOST_AUTO_TEST_SUITE_END()
