// People in the loop: roles, quorum, four eyes, edits, deadlines, stale decisions.
#include "tests/unit/workflows/run/run_rig.hpp"

#include "workflows/run/approvals.hpp"
#include "workflows/run/view.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::string flow(const std::string& approval) {
  return "workflow: w\nsteps:\n  - id: ok\n    approval: {title: Send it, " + approval + "}\n";
}

struct desk : run_rig {
  explicit desk(const std::string& approval, bool to_its_end = true)
      : run_rig(flow(approval)) {
    if (to_its_end) {
      run();
      return;
    }
    id = around.start("w", "{}");
    while (around.now() == world::options().begin && index_lines_of_run() < 2 && around.step()) {
    }
  }
  std::size_t index_lines_of_run() { return around.runs().empty() ? 0 : index_lines(record()).size(); }
  nlohmann::json view() { return nlohmann::json::parse(view_of(record())).at("approvals").at(0); }
  /// One more decision, after the first.
  std::string again(const std::string& by, const std::string& decision, nlohmann::json more = {}) {
    nlohmann::json body = {{"approval", open_}, {"by", by}, {"decision", decision}, {"roles", {"*"}}};
    body.update(more.is_null() ? nlohmann::json::object() : more);
    around.send(id, "approval", body.dump());
    around.step();
    return around.heard()->ok ? "ok" : around.heard()->kind;
  }
  std::string approval() {
    const auto lines = index_lines(record());
    return lines.size() < 2 ? "" : lines[1].item;
  }
  /// "ok", or the kind of the refusal.
  std::string decide(const std::string& by, const std::string& decision, nlohmann::json more = {}) {
    nlohmann::json body = {{"approval", open_.empty() ? open_ = approval() : open_},
                           {"by", by},
                           {"decision", decision},
                           {"roles", {"*"}}};
    body.update(more.is_null() ? nlohmann::json::object() : more);
    around.send(id, "approval", body.dump());
    while (!around.heard() && around.step()) {
    }
    const auto heard = *around.heard();
    return heard.ok ? "ok" : heard.kind;
  }
  nlohmann::json result() { return nlohmann::json::parse(view_of(record())).at("output"); }
  std::string open_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(approvals)

BOOST_AUTO_TEST_CASE(a_run_waits_for_a_person_and_says_so) {
  desk d("deadline: 5d, default: reject");
  BOOST_TEST(d.result().at("decision") == "rejected");
  BOOST_TEST(d.result().at("by") == "deadline");
}

BOOST_AUTO_TEST_CASE(a_person_approves) {
  desk d("by: {role: lead}");
  BOOST_TEST((visible_state(d.record()) == run_state::input_required));
  BOOST_TEST(d.decide("ann", "approved", {{"note", "fine"}}) == "ok");
  d.around.run();
  BOOST_TEST(d.result().at("decision") == "approved");
  BOOST_TEST(d.result().at("by") == "ann");
  BOOST_TEST(d.result().at("note") == "fine");
}

BOOST_AUTO_TEST_CASE(who_lacks_the_role_is_refused) {
  desk d("by: {role: lead}");
  BOOST_TEST(d.decide("ann", "approved", {{"roles", {"clerk"}}}) == "refused");
  BOOST_TEST((visible_state(d.record()) == run_state::input_required));
}

BOOST_AUTO_TEST_CASE(who_started_it_may_not_approve_it) {
  desk d("by: {role: lead, not: \"${{ run.started_by }}\"}");
  BOOST_TEST(d.decide("test", "approved") == "refused");
}

BOOST_AUTO_TEST_CASE(a_quorum_needs_several_people) {
  desk d("by: {quorum: 2}");
  BOOST_TEST(d.decide("ann", "approved") == "ok");
  BOOST_TEST((visible_state(d.record()) == run_state::input_required));
}

BOOST_AUTO_TEST_CASE(nobody_votes_twice) {
  desk d("by: {quorum: 2}");
  d.decide("ann", "approved");
  desk again("by: {quorum: 2}");
  again.decide("ann", "approved");
  nlohmann::json body = {
      {"approval", again.open_}, {"by", "ann"}, {"decision", "approved"}, {"roles", {"*"}}};
  again.around.send(again.id, "approval", body.dump());
  again.around.run();
  BOOST_TEST(again.around.heard()->kind == "conflict");
}

BOOST_AUTO_TEST_CASE(an_edit_is_kept_with_what_it_changed) {
  desk d("edit: {value: {subject: Hi, body: Hello}}");
  d.decide("ann", "approved", {{"edit", {{"subject", "Hi"}, {"body", "Dear"}}}});
  d.around.run();
  BOOST_TEST(d.result().at("edited").at("body") == "Dear");
  BOOST_TEST(d.result().at("diff").dump() == R"([{"from":"Hello","path":"/body","to":"Dear"}])");
}

BOOST_AUTO_TEST_CASE(nothing_is_edited_that_was_not_offered) {
  desk d("by: {role: lead}");
  BOOST_TEST(d.decide("ann", "approved", {{"edit", 1}}) == "invalid");
}

BOOST_AUTO_TEST_CASE(an_edit_makes_earlier_votes_count_no_more) {
  desk d("by: {quorum: 2}, edit: {value: {body: Hello}}");
  d.decide("ann", "approved");
  BOOST_TEST(d.again("ben", "approved", {{"edit", {{"body", "Dear"}}}}) == "ok");
  BOOST_TEST((visible_state(d.record()) == run_state::input_required)); // ben's alone counts
  BOOST_TEST(d.again("ann", "approved") == "ok");
  BOOST_TEST(d.result().at("edited").at("body") == "Dear");
}

BOOST_AUTO_TEST_CASE(a_decision_on_what_has_changed_since_is_refused) {
  desk d("by: {quorum: 2}, edit: {value: {body: Hello}}");
  const auto seen = d.view().at("revision");
  d.decide("ann", "approved", {{"edit", {{"body", "Dear"}}}});
  BOOST_TEST(d.again("ben", "approved", {{"revision", seen}}) == "conflict");
  BOOST_TEST(d.again("ben", "approved", {{"revision", d.view().at("revision")}}) == "ok");
}

BOOST_AUTO_TEST_CASE(a_link_is_good_once) {
  desk d("by: {quorum: 2}");
  BOOST_TEST(d.decide("ann", "approved", {{"link", "l1"}}) == "ok");
  BOOST_TEST(d.again("ben", "approved", {{"link", "l1"}}) == "conflict");
  BOOST_TEST(d.again("ben", "approved", {{"link", "l2"}}) == "ok");
}

BOOST_AUTO_TEST_CASE(the_decided_approval_is_still_told) {
  desk d("by: {role: lead}");
  d.decide("ann", "approved", {{"note", "fine"}});
  d.around.run();
  BOOST_TEST(d.view().at("state") == "completed");
  BOOST_TEST(d.view().at("decision") == "approved");
  BOOST_TEST(d.view().at("decided_by") == "ann");
  BOOST_TEST(index_lines(d.record()).at(1).state == "completed");
  BOOST_TEST(!index_lines(d.record()).at(1).open);
}

BOOST_AUTO_TEST_CASE(reminders_and_escalation_are_told_and_others_decide_then) {
  desk d("by: {role: lead}, remind: [1h], escalate: {after: 2h, to: {role: boss}}, deadline: 5d, default: "
         "reject",
         false);
  while (d.around.now() < from_ms(1'767'225'600'000) + std::chrono::hours(2) && d.around.step()) {
  }
  BOOST_TEST(d.view().at("reminded") == 1);
  BOOST_TEST(d.view().contains("escalated"));
  BOOST_TEST(d.decide("ann", "approved", {{"roles", {"lead"}}}) == "refused");
  BOOST_TEST(d.again("cleo", "approved", {{"roles", {"boss"}}}) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
