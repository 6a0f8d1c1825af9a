#include "workflows/testing/case_run.hpp"

#include "runtime/base/object.hpp"
#include "workflows/run/approvals.hpp"
#include "workflows/run/view.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

world::options options_for(const test_case& test, bool crashing) {
  world::options how;
  if (test.begins)
    how.begin = *test.begins;
  if (test.until)
    how.until = later(how.begin, *test.until);
  how.crash_after_every_record = crashing;
  return how;
}

/// The tree of a run, looked at after each record: what began, which way it ended.
void trace(const instance& i, step_trace& seen) {
  seen.skipped = seen.skipped || i.state == run_state::skipped;
  seen.ran = seen.ran || (i.attempt > 0 && i.state != run_state::skipped);
  if (i.state != run_state::completed)
    return;
  if (i.what->what == verb::approval)
    seen.endings.insert(text_in(i.result, "by") == "deadline" ? "deadline" : text_in(i.result, "decision"));
  if (i.what->what == verb::race)
    seen.endings.insert(text_in(i.result, "winner"));
  if (const auto* receive = std::get_if<receive_body>(&i.what->body)) {
    const bool late = receive->timeout.count() > 0 && i.ended >= later(i.started, receive->timeout);
    seen.endings.insert(late ? "timeout" : "signal");
  }
}

/// A world that acts by a test's script.
class scripted_run {
public:
  scripted_run(const std::string& workflow, const test_case& test, const catalog& known, bool crashing)
      : test_(test)
      , around_(known, options_for(test, crashing)) {
    around_.mock = [this](const asked& q) { return mock(q); };
    around_.answer = [this](const asked& q) { return answer(q); };
    around_.watch = [this](const run_record& run) { watch(run); };
    id_ = around_.start(workflow, to_text(test.input ? *test.input : value::object({})), test.started_by,
                        to_text(test.event));
  }

  case_outcome run() {
    schedule();
    try {
      around_.run();
    } catch (const std::runtime_error& e) {
      problem(std::string("the run cannot go on: ") + e.what());
    }
    if (around_.cut_off())
      problem("it was still going after " + std::to_string(around_.records()) + " records");
    conclude();
    return std::move(made_);
  }

private:
  void problem(std::string sentence) {
    auto& all = made_.problems;
    if (std::find(all.begin(), all.end(), sentence) == all.end())
      all.push_back(std::move(sentence));
  }

  void schedule() {
    for (const auto& [name, all] : test_.signals)
      for (const auto& s : all)
        around_.at(later(around_.now(), s.after), [this, name = name, body = to_text(s.body), s] {
          around_.signal(id_, name, body, s.correlate);
        });
    if (test_.cancel_after)
      around_.at(later(around_.now(), *test_.cancel_after), [this] { around_.send(id_, "cancel", "{}"); });
  }

  std::optional<mocked> mock(const asked& q) {
    const auto action = q.agent + '.' + q.action;
    auto found = q.run.empty() ? test_.mocks.end() : test_.mocks.find(q.path);
    if (found == test_.mocks.end() && !q.run.empty())
      found = test_.mocks.find(q.step);
    if (found == test_.mocks.end())
      found = test_.mocks.find(action);
    if (found == test_.mocks.end() || found->second.empty())
      return std::nullopt;
    const auto turn = turns_[found->first]++;
    const auto& one = found->second[std::min(turn, found->second.size() - 1)];
    if (one.fails)
      return mocked{outcome::failure(one.fails->kind,
                                     one.fails->message.empty() ? "as the test has it" : one.fails->message,
                                     q.agent),
                    one.after};
    took_place(q, action);
    return mocked{outcome::success(to_text(one.returns)), one.after};
  }

  void took_place(const asked& q, const std::string& action) {
    const bool kept = !q.idempotency_key.empty();
    made_.effects.insert(
        {action, q.body, kept ? q.idempotency_key : q.path + '#' + std::to_string(++tells_)});
  }

  /// A log line harms nobody; whatever else is outside has to be in the test.
  std::optional<outcome> answer(const asked& q) {
    const auto action = q.agent + '.' + q.action;
    if (action == "log.write") {
      took_place(q, action);
      return outcome::success("null");
    }
    const auto who = q.step.empty() ? q.path.empty() ? "the run" : q.path : "step " + q.step;
    problem(who + " asks " + action + ", and no mock answers");
    return std::nullopt;
  }

  void watch(const run_record& run) {
    if (!run.root)
      return;
    each_instance(static_cast<const instance&>(*run.root), [&](const instance& i) {
      auto& seen = made_.seen[i.what];
      trace(i, seen);
      if (!i.parent || i.state == run_state::skipped || i.attempt == 0)
        return;
      if (begun_.insert(run.id + '\x1f' + i.path).second && i.what->what != verb::sequence)
        made_.trail.push_back(i.path);
      if (i.state == run_state::input_required && !i.parked)
        let_vote(run, i);
    });
  }

  void let_vote(const run_record& run, const instance& at) {
    if (!opened_
             .insert(run.id + '\x1f' + at.path + '\x1f' + std::to_string(to_ms(at.started)) + '\x1f' +
                     std::to_string(run.epoch))
             .second)
      return;
    auto found = test_.approvals.find(at.path);
    if (found == test_.approvals.end())
      found = test_.approvals.find(at.what->segment);
    if (found == test_.approvals.end())
      return;
    for (const auto& vote : found->second)
      around_.at(later(around_.now(), vote.after),
                 [this, run = run.id, approval = approval_id(run, at), step = found->first, &vote] {
                   cast(run, approval, step, vote);
                 });
  }

  void cast(const std::string& run, const std::string& approval, const std::string& step,
            const scripted_vote& vote) {
    auto body = object("approval", approval, "by", vote.by, "decision",
                       vote.approved ? "approved" : "rejected", "note", vote.note);
    body["roles"] = vote.roles;
    if (vote.edit)
      body["edit"] = json::parse(to_text(*vote.edit));
    around_.send(run, "approval", body.dump(), vote.by, [this, step, &vote](const outcome& heard) {
      if (heard.ok && vote.refused)
        problem("the decision of " + vote.by + " about " + step + " was taken, and has to be refused");
      if (!heard.ok && !vote.refused)
        problem("the decision of " + vote.by + " about " + step + " was refused: " + heard.message);
    });
  }

  void conclude() {
    const auto& run = around_.record(id_);
    made_.state = to_string(visible_state(run));
    made_.reason = reason_of(run);
    made_.output = run.output;
    made_.error = run.error;
    made_.vars = run.vars;
    made_.phase = run.phase;
    if (run.root)
      each_instance(static_cast<const instance&>(*run.root), [&](const instance& i) {
        if (i.parked)
          made_.stuck.push_back(i.path);
      });
    made_.calls = around_.calls();
    made_.records = around_.records();
    made_.crashes = around_.crashes();
    made_.virtual_time = milliseconds(to_ms(is_over(run.state) ? run.ended : run.now) - to_ms(run.started));
  }

  const test_case& test_;
  world around_;
  std::string id_;
  case_outcome made_;
  std::map<std::string, std::size_t> turns_; // of mocks
  std::set<std::string> begun_;
  std::set<std::string> opened_;
  std::uint64_t tells_ = 0;
};

} // namespace

std::uint64_t case_outcome::effects_of(std::string_view action) const {
  return static_cast<std::uint64_t>(
      std::count_if(effects.begin(), effects.end(), [&](const effect& e) { return e.action == action; }));
}

case_outcome run_case(const std::string& workflow, const test_case& test, const catalog& known,
                      bool crashing) {
  return scripted_run(workflow, test, known, crashing).run();
}

std::string_view step_in(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return path.substr(0, path.find('['));
}

} // namespace troupe::workflow
