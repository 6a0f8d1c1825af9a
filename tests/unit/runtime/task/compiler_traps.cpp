// The forms that CORE.md §10 prescribes for gcc 12, each with something in it that counts its lives: a
// compiler that destroyed one of them twice, or never, would leave another count, and the address sanitizer
// would stop.
#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

/// Owns memory, so that a second destruction is a double free too.
class counted {
public:
  explicit counted(std::string text)
      : text_(std::make_unique<std::string>(std::move(text))) {
    ++alive;
  }
  counted(const counted& other)
      : counted(*other.text_) {}
  counted(counted&& other)
      : counted(*other.text_) {}
  counted& operator=(const counted&) = delete;
  ~counted() { --alive; }
  const std::string& text() const { return *text_; }

  static inline int alive = 0;

private:
  std::unique_ptr<std::string> text_;
};

/// An aggregate: a temporary of it may not stand beside co_await.
struct request {
  std::string name;
  counted what;
};

/// Not one: its constructor is written out.
class options {
public:
  explicit options(std::string text)
      : what(std::move(text)) {}
  options& named(std::string n) {
    name = std::move(n);
    return *this;
  }
  counted what;
  std::string name;
};

task<json> child(context& ctx, counted by_value) {
  json got = co_await ctx.call("desk/other", by_value.text(), json());
  co_return object("was", by_value.text(), "got", got);
}

task<counted> makes_one(context& ctx, std::string text) {
  co_await ctx.sleep(milliseconds(1));
  co_return counted(std::move(text));
}

json_effect send_request(context& ctx, const request& r) {
  return ctx.call("desk/other", r.name, json(r.what.text()));
}

json_effect send_options(context& ctx, options o) {
  return ctx.call("desk/other", o.name, json(o.what.text()));
}

json_effect send_made_by(context& ctx, const std::function<counted()>& make) {
  return ctx.call("desk/other", "made", json(make().text()));
}

task<json> named_aggregate(context& ctx, json) {
  request r{"named", counted("an aggregate of its own statement")};
  co_return co_await send_request(ctx, r);
}

task<json> written_constructor(context& ctx, json) {
  co_return co_await send_options(ctx, options("a constructor of its own").named("temporary"));
}

task<json> written_constructor_named(context& ctx, json) {
  auto o = options("a constructor of its own").named("lvalue");
  json got = co_await send_options(ctx, o);
  co_return got;
}

task<json> lambda_by_reference(context& ctx, json) {
  counted one("captured by reference, or owned by a lambda with a name");
  co_await send_made_by(ctx, [&] { return one; });
  auto owner = [one] { return one; };
  co_return co_await send_made_by(ctx, owner);
}

task<json> child_with_a_value(context& ctx, json) {
  co_return co_await child(ctx, counted("a parameter by value, long enough for the heap"));
}

task<json> value_that_owns(context& ctx, json) {
  counted one = co_await makes_one(ctx, "a value handed on from a child");
  co_return one.text();
}

task<json> value_used_in_place(context& ctx, json) {
  co_return (co_await makes_one(ctx, "used where it is")).text();
}

task<json> join_in_place(context& ctx, json) {
  auto values = co_await when_all(ctx, tasks(child(ctx, counted("left")), child(ctx, counted("right"))));
  co_return json(values);
}

task<json> race_in_place(context& ctx, json) {
  auto first = co_await when_any(ctx, tasks(makes_one(ctx, "the winner"), makes_one(ctx, "the loser")));
  co_return first.value.text();
}

task<json> race_used_in_place(context& ctx, json) {
  co_return (co_await when_any(ctx, tasks(makes_one(ctx, "the winner"), makes_one(ctx, "the loser"))))
      .value.text();
}

task<json> options_in_place(context& ctx, json) {
  co_return co_await ctx.call("desk/other", "hurry", object("a", 1, "b", "text long enough for the heap"),
                              call_options().within(milliseconds(5)).keyed("a key long enough for the heap"));
}

task<json> one_await_per_statement(context& ctx, json) {
  std::map<std::string, json> seen;
  json key = co_await ctx.call("desk/other", "key", json());
  json value = co_await ctx.call("desk/other", "value", json());
  seen[key.get<std::string>()] = value;
  co_return json(seen);
}

task<json> leaves_the_handler_first(context& ctx, json) {
  counted one("alive across the failure");
  std::string why;
  try {
    co_await ctx.call("desk/other", "fails", json());
  } catch (const effect_failed& e) {
    why = e.kind();
  }
  co_await ctx.call("desk/other", "undo", json(why));
  co_return one.text() + " " + why;
}

task<json> throws_past_its_values(context& ctx, json) {
  counted one("unwound");
  co_await child(ctx, one);
  co_return json();
}

/// Answers whatever is asked until the task ends.
void run_to_the_end(driven_task& t) {
  t.start();
  for (int turns = 0; turns < 10 && t.ended() == ended::suspended; ++turns)
    t.answer(t.outstanding().front(), "answered");
}

} // namespace

BOOST_AUTO_TEST_SUITE(compiler_traps)

BOOST_AUTO_TEST_CASE(an_aggregate_named_before_lives_once) {
  driven_task t(named_aggregate);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "answered");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_temporary_with_a_written_constructor_lives_once) {
  driven_task t(written_constructor);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "answered");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_named_object_with_a_written_constructor_lives_once) {
  driven_task t(written_constructor_named);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(lambdas_that_capture_by_reference_or_have_a_name_live_once) {
  driven_task t(lambda_by_reference);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "answered");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_childs_parameter_lives_once) {
  driven_task t(child_with_a_value);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply()["was"] == "a parameter by value, long enough for the heap");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_childs_value_lives_once) {
  driven_task t(value_that_owns);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "a value handed on from a child");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_childs_value_used_in_place_lives_once) {
  driven_task t(value_used_in_place);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "used where it is");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_join_made_in_place_lives_once) {
  driven_task t(join_in_place);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply().size() == 2u);
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_race_made_in_place_lives_once) {
  driven_task t(race_in_place);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "the winner");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_winner_used_in_place_lives_once) {
  driven_task t(race_used_in_place);
  run_to_the_end(t);
  t.run.reset();
  BOOST_TEST(t.reply() == "the winner");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(call_options_and_objects_may_be_temporaries) {
  driven_task t(options_in_place);
  run_to_the_end(t);
  BOOST_TEST(t.reply() == "answered");
}

BOOST_AUTO_TEST_CASE(awaits_in_statements_of_their_own_keep_their_order) {
  driven_task t(one_await_per_statement);
  t.start();
  BOOST_TEST(t.run->find("0/0")->type == "key");
  t.answer("0/0", "k");
  t.answer("0/1", "v");
  BOOST_TEST(t.reply() == json::parse(R"({"k": "v"})"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_handled_after_its_catch) {
  driven_task t(leaves_the_handler_first);
  t.start();
  t.fail_with("0/0", "timeout");
  t.answer("0/1");
  t.run.reset();
  BOOST_TEST(t.reply() == "alive across the failure timeout");
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_failure_unwinds_every_frame_once) {
  driven_task t(throws_past_its_values);
  t.start();
  t.fail_with("0/0", "timeout");
  BOOST_TEST(t.ended() == ended::failed);
  t.run.reset();
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(a_task_dropped_while_it_waits_destroys_every_frame_once) {
  driven_task t(join_in_place);
  t.start();
  t.run.reset();
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
