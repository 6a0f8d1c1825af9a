#include "cluster/message/message.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::cluster;

namespace {

agent_id someone() { return *agent_id::make("t", "k", "a/b"); }

template<class T>
T through(const message& m) {
  auto read = decode_message(encode(m));
  BOOST_REQUIRE(read.has_value());
  BOOST_REQUIRE(std::holds_alternative<T>(*read));
  return std::get<T>(std::move(*read));
}

template<class T>
T asked(request_body body) {
  auto read = through<request>(request{7, std::move(body)});
  BOOST_TEST(read.number == 7u);
  BOOST_REQUIRE(std::holds_alternative<T>(read.body));
  return std::get<T>(std::move(read.body));
}

template<class T>
T answered(response_body body) {
  auto read = through<response>(response{8, std::move(body)});
  BOOST_TEST(read.number == 8u);
  BOOST_REQUIRE(std::holds_alternative<T>(read.body));
  return std::get<T>(std::move(read.body));
}

} // namespace

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(probes_hints_and_steps) {
  probe_message p{probe_message::what::found, 4, 9};
  BOOST_TEST((through<probe_message>(p) == p));
  auto hint = through<moved>(moved{someone(), 12});
  BOOST_TEST((hint.id == someone()));
  BOOST_TEST(hint.to == 12u);
  auto step = through<move_step>(move_step{move_step::what::taken, 3, someone(), 6, "why"});
  BOOST_TEST(static_cast<int>(step.kind) == static_cast<int>(move_step::what::taken));
  BOOST_TEST(step.epoch == 6u);
  BOOST_TEST(step.why == "why");
}

BOOST_AUTO_TEST_CASE(notices_carry_rows_and_answers) {
  peer_notice n;
  n.kind = peer_notice::what::mail;
  n.id = someone();
  n.create = false;
  n.hops = 1;
  n.row = journal::pending_row{3, lane::control, 5, std::string("\0\xff", 2)};
  auto mail = through<peer_notice>(n);
  BOOST_REQUIRE(mail.row.has_value());
  BOOST_TEST(mail.row->envelope == n.row->envelope);
  BOOST_TEST(mail.row->number == 5u);
  BOOST_TEST(!mail.create);
  n.kind = peer_notice::what::settled;
  n.row.reset();
  n.task = "t";
  n.effect = "0/1";
  n.answer = outcome::failure("timeout", "late");
  auto settled = through<peer_notice>(n);
  BOOST_TEST(settled.effect == "0/1");
  BOOST_TEST(!settled.answer.ok);
  BOOST_TEST(settled.answer.kind == "timeout");
}

BOOST_AUTO_TEST_CASE(requests) {
  inject_request in;
  in.to = someone();
  in.type = "go";
  in.body = "{}";
  in.idempotency_key = "once";
  in.wait = milliseconds(50);
  auto injected = asked<inject_request>(in);
  BOOST_TEST(injected.idempotency_key == "once");
  BOOST_TEST(injected.wait.count() == 50);
  auto order =
      asked<agent_order>(agent_order{agent_order::verb::restart, someone(), "r", restart_mode::task_retry});
  BOOST_TEST(static_cast<int>(order.mode) == static_cast<int>(restart_mode::task_retry));
  BOOST_TEST(asked<look_at>(look_at{{someone(), someone()}}).ids.size() == 2u);
  BOOST_TEST(asked<look_at>(look_at{}).ids.empty());
  BOOST_TEST(asked<migrate_order>(migrate_order{someone(), "b"}).to == "b");
  asked<drain_order>(drain_order{});
}

BOOST_AUTO_TEST_CASE(responses) {
  auto problem = answered<error>(error{fault::fenced, "m", "h"});
  BOOST_TEST(static_cast<int>(problem.what) == static_cast<int>(fault::fenced));
  inject_answer a;
  a.id = "i";
  a.reply = outcome::success("1");
  BOOST_TEST(answered<inject_answer>(a).reply->body == "1");
  agent_view v;
  v.id = someone();
  v.state = agent_state::waiting;
  v.owner = 5;
  v.why = {"because"};
  v.state_documents = {{"k", 1, "{}"}};
  task_view t;
  t.id = "task";
  wait_view w;
  w.what = "timer";
  t.waits = {w};
  v.tasks = {t};
  auto view = answered<agent_view>(v);
  BOOST_TEST(static_cast<int>(view.state) == static_cast<int>(agent_state::waiting));
  BOOST_TEST((view.next_due == never));
  BOOST_REQUIRE(view.tasks.size() == 1u);
  BOOST_TEST(view.tasks[0].waits[0].what == "timer");
  BOOST_TEST((view.tasks[0].waits[0].until == never));
  auto seen = answered<std::vector<live_view>>(std::vector<live_view>{{someone(), agent_state::busy, 2, 3}});
  BOOST_TEST(seen.at(0).turns == 3u);
  move_report r;
  r.agent = "k/a";
  r.phases = {{"freeze", 1.5}};
  r.paused_ms = 2.5;
  BOOST_TEST(answered<move_report>(r).phases.at(0).ms == 1.5);
  node_order_report d;
  d.node = "n";
  d.left = {{"k/a", "no"}};
  BOOST_TEST(answered<node_order_report>(d).left.at(0).second == "no");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told) {
  BOOST_TEST(!decode_message("").has_value());
  BOOST_TEST(!decode_message("\xff\xff").has_value());
  probe_message p{static_cast<probe_message::what>(200), 1, 1};
  BOOST_TEST(!decode_message(encode(p)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
