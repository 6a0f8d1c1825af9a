#include "runtime/supervision/groups_file.hpp"

#include "runtime/node/node_core.hpp"
#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

namespace {

struct reading {
  std::optional<supervision_plan> plan;
  std::string told; // what is wrong
};

reading read(const std::string& text) {
  config::diagnostics found;
  reading r;
  r.plan = read_supervision(config::source("groups.yaml", text), supervision_policy(), found);
  r.told = found.empty() ? "" : config::render_text(found, 1);
  return r;
}

bool says(const reading& r, const std::string& words) {
  return !r.plan && r.told.find(words) != std::string::npos;
}

constexpr const char* two_desks = R"(
groups:
  - name: desks
    strategy: one_for_all
    backoff_initial: 0s
    children: [desk/a, desk/b]
)";

struct node_of_two_desks {
  node_of_two_desks() {
    node_core::options how;
    how.declared = *read(two_desks).plan;
    core.emplace(how, random);
    core->boot(now);
    for (const auto& id : {agent_id::parse("desk/a"), agent_id::parse("desk/b")}) {
      journal::loaded_agent found;
      found.id = *id;
      core->claimed(*id, std::move(found), now);
    }
    core->take_actions();
  }

  std::string actions() {
    std::string all;
    for (auto& action : core->take_actions())
      if (auto* stop = std::get_if<stop_host>(&action))
        all += "stop " + stop->id.key() + ";";
      else if (auto* claim = std::get_if<claim_agent>(&action))
        all += "claim " + claim->id.key() + ";";
    return all;
  }

  class no_random final : public random_source {
  public:
    std::uint64_t next() override { return 0; }
  };
  instant now = from_ms(1'700'000'000'000);
  no_random random;
  std::optional<node_core> core;
};

} // namespace

BOOST_AUTO_TEST_SUITE(supervision_from_a_file)

BOOST_AUTO_TEST_CASE(an_empty_file_declares_nobody) {
  const auto r = read("");
  BOOST_REQUIRE(r.plan.has_value());
  BOOST_TEST(r.plan->groups.empty());
}

BOOST_AUTO_TEST_CASE(a_group_has_its_policy_and_its_children_in_order) {
  const auto r =
      read("groups:\n- name: desks\n  strategy: rest_for_one\n  restart: transient\n  max_restarts: 7\n"
           "  within: 1m\n  backoff_initial: 5ms\n  backoff_max: 6s\n"
           "  children: [desk/a, {agent: desk/b, restart: temporary}]\n");
  BOOST_REQUIRE_MESSAGE(r.plan.has_value(), r.told);
  const group_spec& group = r.plan->groups.at(0);
  BOOST_TEST((group.policy.how == strategy::rest_for_one && group.policy.restart == restart_type::transient));
  BOOST_TEST((group.policy.max_restarts == 7 && group.policy.within == milliseconds(60'000)));
  BOOST_TEST(
      (group.policy.backoff_initial == milliseconds(5) && group.policy.backoff_max == milliseconds(6'000)));
  BOOST_TEST(group.children.at(0).id.text() == "desk/a");
  BOOST_TEST((group.children.at(1).restart == restart_type::temporary));
}

BOOST_AUTO_TEST_CASE(a_kind_has_a_policy_of_its_own) {
  const auto r = read("kinds: {floor.desk: {max_restarts: 9}}\n");
  BOOST_REQUIRE_MESSAGE(r.plan.has_value(), r.told);
  BOOST_TEST(r.plan->kinds.at("floor.desk").max_restarts == 9u);
}

BOOST_AUTO_TEST_CASE(groups_may_stand_below_groups) {
  const auto r =
      read("groups:\n- {name: all, children: [{group: desks}]}\n- {name: desks, children: [desk/a]}\n");
  BOOST_TEST(r.plan.has_value(), r.told);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_its_place) {
  BOOST_TEST(
      says(read("groups:\n- {name: desks, stratgy: one_for_all, children: [desk/a]}\n"), "groups.yaml:2:17"));
  BOOST_TEST(says(read("groups:\n- {name: desks, strategy: all, children: [desk/a]}\n"), "strategy \"all\""));
  BOOST_TEST(says(read("groups:\n- {name: desks, within: soon, children: [desk/a]}\n"), "groups.yaml:2:25"));
  BOOST_TEST(says(read("groups:\n- {name: desks, within: [1s], children: [desk/a]}\n"), "takes one value"));
  BOOST_TEST(says(read("groups:\n- {name: desks, children: [desk]}\n"), "groups.yaml:2:28"));
  BOOST_TEST(says(read("groups:\n- {name: desks}\n"), "needs children"));
  BOOST_TEST(says(read("groups:\n- {children: [desk/a]}\n"), "needs a name"));
  BOOST_TEST(says(read("groups: desks\n"), "a list of groups"));
  BOOST_TEST(says(read("- desks\n"), "groups and kinds"));
  BOOST_TEST(says(read("groups:\n- {name: a, max_restarts: 5000, children: [desk/a]}\n"),
                  "more than a window holds"));
}

BOOST_AUTO_TEST_CASE(groups_that_cannot_be_are_told) {
  BOOST_TEST(says(read("groups:\n- {name: a, children: [desk/a]}\n- {name: b, children: [desk/a]}\n"),
                  "cannot be a child of b too"));
  BOOST_TEST(says(read("groups:\n- {name: a, children: [{group: b}]}\n"), "not declared"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_node_with_declared_groups, node_of_two_desks)

BOOST_AUTO_TEST_CASE(siblings_stop_with_the_one_that_crashed_and_come_back_together) {
  core->crashed(*agent_id::parse("desk/a"), false, "a defect", now);
  BOOST_TEST(actions() == "stop b;");
  core->ended(*agent_id::parse("desk/b"), never, now);
  now += milliseconds(20'000);
  core->tick(now);
  BOOST_TEST(actions() == "claim a;claim b;");
}

BOOST_AUTO_TEST_CASE(an_agent_outside_the_group_restarts_alone) {
  core->wanted(*agent_id::parse("desk/c"), true, now);
  BOOST_TEST(actions() == "claim c;");
  core->crashed(*agent_id::parse("desk/c"), false, "a defect", now);
  BOOST_TEST(actions() == "claim c;");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
