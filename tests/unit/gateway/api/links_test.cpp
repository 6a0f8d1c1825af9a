// Links to decide by, schedules and reloading, through the whole door.
#include "gateway/api/approval_link.hpp"
#include "tests/unit/gateway/api/api_fixture.hpp"

#include "workflows/run/deployed.hpp"

using namespace troupe;
using namespace troupe::gateway;
using namespace troupe::test;

namespace {

struct fixed_clock : clock_source {
  instant at = from_ms(1'767'225'600'000);
  instant now() override { return at; }
};

secret_key some_key(unsigned char fill = 1) {
  secret_key key{};
  key.fill(fill);
  return key;
}

constexpr const char* approval = "01RUN.0123456789";

struct people : api_fixture {
  people() {
    open(R"("input_required")");
    agent_view schedule;
    schedule.id = *agent_id::make("default", "workflow.schedule", "lead/1");
    schedule.state_documents = {{"state", 1, R"({"schedule":"lead/1"})"}};
    node.agents[schedule.id.text()] = schedule;
    node.on_inject = [](const inject_request&) {
      inject_answer answered;
      answered.id = "m";
      answered.reply = outcome::success(R"({"id":"x"})");
      return answered;
    };
  }

  /// The run as it shows its approval.
  void open(const std::string& state) {
    agent_view run;
    run.id = *agent_id::make("default", "workflow", "01RUN");
    run.state_documents = {{"state", 1,
                            R"({"id":"01RUN","state":"working","approvals":[{"id":")" +
                                std::string(approval) + R"(","state":)" + state +
                                R"(,"revision":5,"title":"Send <it>?","by":{"role":"lead"}}]})"}};
    node.agents[run.id.text()] = run;
  }

  http_response send(http_method method, const std::string& target, const std::string& body = {}) {
    raw_request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"host", "127.0.0.1:7070"}, {"content-type", "application/json"}};
    std::optional<http_response> answered;
    whole.handle(std::move(request), [&](http_response response) { answered = std::move(response); });
    BOOST_REQUIRE(answered);
    return *answered;
  }
  http_response make(const std::string& body = R"({"by":"ben"})") {
    return send(http_method::post, "/v1/approvals/" + std::string(approval) + "/links", body);
  }
  std::string token() { return body_of(make()).at("token"); }
  nlohmann::json vote() { return nlohmann::json::parse(node.injected().back().body); }

  std::shared_ptr<fixed_clock> clock = std::make_shared<fixed_clock>();
  std::function<void(std::function<void(result<json>)>)> reload = [](auto done) {
    done(json{{"added", {"workflow lead"}}});
  };
  dispatcher whole{make_routes({node,
                                limits,
                                metrics,
                                [] { return std::size_t{3}; },
                                std::make_shared<workflow::deployed_catalog>(),
                                {},
                                clock,
                                {},
                                std::make_shared<link_signer>(some_key()),
                                reload}),
                   limits,
                   [] { return std::string("DRAWN"); },
                   {}};
};

approval_link some_link() { return {"l1", approval, 5, "ben", "lead", "", from_ms(2'000)}; }

} // namespace

BOOST_AUTO_TEST_SUITE(approval_links)

BOOST_AUTO_TEST_CASE(a_token_reads_back_until_its_time_is_over) {
  const link_signer signer(some_key());
  const auto token = signer.sign(some_link());
  BOOST_REQUIRE(signer.read(token, from_ms(1'999)));
  BOOST_TEST(signer.read(token, from_ms(1'999))->by == "ben");
  BOOST_TEST((signer.read(token, from_ms(2'000)).error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(a_changed_token_is_refused) {
  const link_signer signer(some_key());
  auto token = signer.sign(some_link());
  token[3] = token[3] == 'A' ? 'B' : 'A';
  BOOST_TEST((signer.read(token, from_ms(1)).error().what == fault::invalid));
  BOOST_TEST((signer.read("", from_ms(1)).error().what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(a_token_of_another_data_folder_is_refused) {
  const auto token = link_signer(some_key(1)).sign(some_link());
  BOOST_TEST(!link_signer(some_key(2)).read(token, from_ms(1)));
}

BOOST_AUTO_TEST_CASE(a_link_carries_the_person_the_role_and_what_was_seen) {
  people p;
  const auto made = p.make(R"({"by":"ben","decision":"approved"})");
  BOOST_TEST(made.status == 201u);
  BOOST_TEST(p.body_of(made).at("url").get<std::string>().starts_with("http://127.0.0.1:7070/a/"));
  const auto decided =
      p.send(http_method::post, "/a/" + p.body_of(made).at("token").get<std::string>(), R"({"note":"fine"})");
  BOOST_TEST(decided.status == 200u);
  BOOST_TEST(p.vote().at("by") == "ben");
  BOOST_TEST(p.vote().at("decision") == "approved");
  BOOST_TEST(p.vote().at("roles").dump() == R"(["lead"])");
  BOOST_TEST(p.vote().at("revision") == 5);
  BOOST_TEST(!p.vote().at("link").get<std::string>().empty());
}

BOOST_AUTO_TEST_CASE(looking_at_a_link_decides_nothing_and_its_page_escapes_what_it_shows) {
  people p;
  const auto page = p.send(http_method::get, "/a/" + p.token());
  BOOST_TEST(page.status == 200u);
  BOOST_TEST(page.body.find("Send &lt;it&gt;?") != std::string::npos);
  BOOST_TEST(p.node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_link_that_is_too_old_says_so) {
  people p;
  const auto token = p.token();
  p.clock->at += std::chrono::hours(49);
  BOOST_TEST(p.send(http_method::get, "/a/" + token).status == 403u);
  BOOST_TEST(p.send(http_method::post, "/a/" + token, R"({"decision":"approved"})").status == 403u);
  BOOST_TEST(p.node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_link_for_one_decision_makes_no_other) {
  people p;
  const auto made = p.body_of(p.make(R"({"by":"ben","decision":"approved"})")).at("token").get<std::string>();
  BOOST_TEST(p.send(http_method::post, "/a/" + made, R"({"decision":"rejected"})").status == 403u);
}

BOOST_AUTO_TEST_CASE(there_is_no_link_to_what_is_decided_or_never_was) {
  people p;
  BOOST_TEST(p.send(http_method::post, "/v1/approvals/01RUN.f/links", R"({"by":"ben"})").status == 404u);
  const auto token = p.token();
  p.open(R"("completed","decision":"approved","decided_by":"ann")");
  BOOST_TEST(p.make().status == 409u);
  BOOST_TEST(p.send(http_method::get, "/a/" + token).status == 409u);
}

BOOST_AUTO_TEST_CASE(a_link_lasts_a_month_at_most) {
  people p;
  BOOST_TEST(p.make(R"({"by":"ben","expires_in":"31d"})").status == 400u);
  BOOST_TEST(p.make(R"({"by":"ben","expires_in":"30d"})").status == 201u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(schedule_routes)

BOOST_AUTO_TEST_CASE(a_schedule_is_shown_and_steered) {
  people p;
  BOOST_TEST(p.body_of(p.send(http_method::get, "/v1/schedules/lead/1")).at("schedule") == "lead/1");
  BOOST_TEST(p.send(http_method::post, "/v1/schedules/lead/1/pause", "{}").status == 202u);
  BOOST_TEST(p.node.injected().back().to.text() == "workflow.schedule/lead/1");
  BOOST_TEST(p.node.injected().back().type == "pause");
}

BOOST_AUTO_TEST_CASE(one_that_is_not_there_does_not_come_into_being_by_being_asked_for) {
  people p;
  BOOST_TEST(p.send(http_method::get, "/v1/schedules/lead/2").status == 404u);
  BOOST_TEST(p.send(http_method::post, "/v1/schedules/lead/2/trigger", "{}").status == 404u);
  BOOST_TEST(p.node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_backfill_says_from_when_to_when) {
  people p;
  BOOST_TEST(p.send(http_method::post, "/v1/schedules/lead/1/backfill", "{}").status == 400u);
  BOOST_TEST(p.send(http_method::post, "/v1/schedules/lead/1/backfill",
                    R"({"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"})")
                 .status == 202u);
}

BOOST_AUTO_TEST_CASE(files_are_read_again_on_request) {
  people p;
  const auto told = p.send(http_method::post, "/v1/workflows/reload", "{}");
  BOOST_TEST(told.status == 200u);
  BOOST_TEST(p.body_of(told).at("added").at(0) == "workflow lead");
}

BOOST_AUTO_TEST_CASE(a_comma_in_a_searched_value_has_a_backslash_before_it) {
  people p;
  BOOST_TEST(p.send(http_method::get, "/v1/runs?search=company:Acme%5C,%20Inc,stage:new").status == 200u);
  BOOST_TEST(p.send(http_method::get, "/v1/runs?search=company:Acme,%20Inc").status == 400u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(run_steering)

BOOST_AUTO_TEST_CASE(flags_are_true_or_false) {
  people p;
  BOOST_TEST(p.send(http_method::post, "/v1/runs/01RUN/retry", R"({"new_key":1})").status == 400u);
  BOOST_TEST(p.node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_not_there_is_not_steered) {
  people p;
  BOOST_TEST(p.send(http_method::post, "/v1/runs/01NONE/pause").status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()
