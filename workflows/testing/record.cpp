#include "workflows/testing/record.hpp"

#include "config/document/document.hpp"
#include "config/expression/moment.hpp"
#include "config/expression/value.hpp"
#include "config/settings/units.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/time.hpp"
#include "workflows/language/rewrite/convert.hpp"
#include "workflows/plan/step_place.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

using ordered = nlohmann::ordered_json;

std::string text_at(const json& of, const char* name) {
  return of.contains(name) && of[name].is_string() ? of[name].get<std::string>() : std::string();
}

std::int64_t time_at(const json& of, const char* name) {
  const auto read = expression::parse_timestamp(text_at(of, name));
  return read ? read->seconds * 1'000 + read->nanos / 1'000'000 : 0;
}

/// Shorter spans are the machine's, not the workflow's.
void add_after(ordered& to, std::int64_t ms) {
  if (ms >= 1'000)
    to["after"] = config::format_duration(milliseconds(ms / 1'000 * 1'000));
}

ordered failure_of(const json& error) {
  return {{"kind", text_at(error, "kind")}, {"message", text_at(error, "message")}};
}

bool asks(const std::string& verb) { return verb == "agent" || verb == "decide" || verb == "workflow"; }

class recorder {
public:
  recorder(const plan& of, const json& run)
      : plan_(of)
      , run_(run)
      , began_(time_at(run, "started")) {}

  ordered record() {
    for (const auto& step : run_.at("steps"))
      ++times_[text_at(step, "id")];
    for (const auto& step : run_.at("steps"))
      take(step);
    ordered test{{"name", "as run " + text_at(run_, "id") + " went"}, {"input", run_.at("input")}};
    if (const auto by = text_at(run_, "started_by"); !by.empty())
      test["started_by"] = by;
    for (auto [name, all] :
         {std::pair("mocks", &mocks_), std::pair("approvals", &approvals_), std::pair("signals", &signals_)})
      if (!all->empty())
        test[name] = *all;
    test["expect"] = expectation();
    return {{"test", plan_.name}, {"tests", ordered::array({std::move(test)})}};
  }

private:
  /// The id where it names this step alone.
  std::string name_of(const json& step) const {
    const auto id = text_at(step, "id");
    return !id.empty() && times_.at(id) == 1 ? id : text_at(step, "path");
  }

  void take(const json& step) {
    const auto verb = text_at(step, "verb");
    const auto state = text_at(step, "state");
    const auto took = time_at(step, "ended") - time_at(step, "started");
    const auto* what = step_at(plan_, text_at(step, "path"));
    if (asks(verb) && (state == "completed" || state == "failed")) {
      ordered mock;
      add_after(mock, took);
      if (state == "failed")
        mock["fails"] = failure_of(step.at("error"));
      else
        mock["returns"] = step.contains("result") ? ordered(step["result"]) : ordered();
      mocks_[name_of(step)] = std::move(mock);
    }
    if (verb == "approval" && state == "completed" && what)
      take_decision(step, std::get<approval_body>(what->body), took);
    if (verb == "receive" && state == "completed" && what)
      take_signal(step, std::get<receive_body>(what->body), took);
    if (state != "skipped" && (asks(verb) || verb == "approval") && !text_at(step, "id").empty())
      path_.push_back(text_at(step, "id"));
  }

  /// Of several who had to agree, the run tells the last one.
  void take_decision(const json& step, const approval_body& body, std::int64_t took) {
    const auto& said = step.at("result");
    if (text_at(said, "by") == "deadline")
      return;
    ordered vote;
    add_after(vote, took);
    vote["decision"] = text_at(said, "decision");
    vote["by"] = text_at(said, "by");
    if (const auto note = text_at(said, "note"); !note.empty())
      vote["note"] = note;
    if (said.contains("edited") && !said["edited"].is_null())
      vote["edit"] = said["edited"];
    const auto* quorum = body.by.quorum.constant();
    const auto others =
        quorum && quorum->is(expression::value_kind::integer) && vote["decision"] == "approved"
            ? quorum->as_int() - 1
            : 0;
    auto all = ordered::array();
    for (std::int64_t i = 1; i <= others; ++i) {
      auto other = vote;
      other["by"] = "approver " + std::to_string(i);
      all.push_back(std::move(other));
    }
    all.push_back(std::move(vote));
    approvals_[name_of(step)] = all.size() == 1 ? all.front() : all;
  }

  void take_signal(const json& step, const receive_body& body, std::int64_t took) {
    const bool late = body.timeout.count() > 0 && took >= body.timeout.count();
    const auto* name = body.signal.constant();
    if (late || !name || !name->is(expression::value_kind::text))
      return;
    ordered signal;
    add_after(signal, time_at(step, "ended") - began_);
    signal["body"] = step.contains("result") ? ordered(step["result"]) : ordered();
    auto& all = signals_[name->as_text()];
    if (all.is_null())
      all = ordered::array();
    all.push_back(std::move(signal));
  }

  ordered expectation() const {
    const auto state = text_at(run_, "state");
    ordered made{{"state", state}};
    if (state == "completed")
      made["output"] = run_.at("output");
    if (run_.at("error").is_object())
      made["error"] = failure_of(run_.at("error"));
    if (!path_.empty())
      made["path"] = path_;
    return made;
  }

  const plan& plan_;
  const json& run_;
  std::int64_t began_;
  std::map<std::string, std::size_t> times_; // by id
  ordered mocks_ = ordered::object();
  ordered approvals_ = ordered::object();
  ordered signals_ = ordered::object();
  std::vector<std::string> path_; // in the order of the tree, which is that of beginning
};

} // namespace

result<std::string> record_test(const plan& of, const std::string& view) {
  const auto run = read_json(view);
  if (!run.is_object() || !run.contains("steps") || !run["steps"].is_array())
    return fail(fault::invalid, "that is no view of a run");
  if (!run.contains("ended") || run["ended"].is_null())
    return fail(fault::refused, "the run " + text_at(run, "id") + " is still " + text_at(run, "state"),
                "a test is made of a run that has ended");
  config::diagnostics found;
  const auto text = recorder(of, run).record().dump(-1, ' ', false, ordered::error_handler_t::replace);
  const auto parsed = config::parse_document(config::source("test", text), found);
  if (!parsed)
    return fail(fault::invalid,
                "the run's answers cannot be written as a file of tests: " + found.items().front().message);
  return as_yaml(parsed->root());
}

} // namespace troupe::workflow
