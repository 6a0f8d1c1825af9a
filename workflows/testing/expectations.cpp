#include "workflows/testing/expectations.hpp"

#include "config/settings/units.hpp"
#include "runtime/base/text.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using expression::value_kind;

std::string shown(const std::string& text) { return text.empty() ? "nothing" : text; }

void compare_maps(const std::string& what, const value& expected, const value& got,
                  std::vector<mismatch>& into) {
  for (const auto& [key, item] : expected.entries()) {
    const auto name = what + '.' + (key.is(value_kind::text) ? key.as_text() : to_text(key));
    if (const auto* found = got.find(key))
      compare_values(name, item, *found, into);
    else
      into.push_back({name, to_text(item), "no such field"});
  }
}

void compare_lists(const std::string& what, const value& expected, const value& got,
                   std::vector<mismatch>& into) {
  if (expected.items().size() != got.items().size()) {
    into.push_back({what, std::to_string(expected.items().size()) + " items: " + to_text(expected),
                    std::to_string(got.items().size()) + ": " + to_text(got)});
    return;
  }
  for (std::size_t i = 0; i < expected.items().size(); ++i)
    compare_values(what + '[' + std::to_string(i) + ']', expected.items()[i], got.items()[i], into);
}

std::string error_text(const failure& f) { return f.empty() ? "nothing" : f.kind + ": " + f.message; }

bool names(const std::string& wanted, const std::string& path) {
  return wanted == path || wanted == step_in(path);
}

class checker {
public:
  checker(const expectation& wanted, const case_outcome& got)
      : wanted_(wanted)
      , got_(got) {}

  std::vector<mismatch> run() && {
    if (!wanted_.state.empty() && wanted_.state != got_.state)
      add("state", wanted_.state, got_.state);
    if (wanted_.output)
      compare_values("output", *wanted_.output, got_.output, all_);
    if (wanted_.error)
      check_error();
    for (const auto& [name, v] : wanted_.vars)
      check_variable(name, v);
    if (!wanted_.phase.empty() && wanted_.phase != got_.phase)
      add("phase", wanted_.phase, shown(got_.phase));
    for (const auto& [action, times] : wanted_.effects)
      if (got_.effects_of(action) != times)
        add("effects." + action, std::to_string(times), std::to_string(got_.effects_of(action)));
    for (const auto& [name, calls] : wanted_.calls)
      check_calls(name, calls);
    check_path();
    check_stuck();
    check_time();
    return std::move(all_);
  }

private:
  void add(std::string what, std::string expected, std::string got) {
    all_.push_back({std::move(what), std::move(expected), std::move(got)});
  }

  void check_error() {
    const bool kind = got_.error.kind == wanted_.error->kind;
    const bool message = got_.error.message.find(wanted_.error->message) != std::string::npos;
    if (kind && message)
      return;
    const auto& part = wanted_.error->message;
    add("error", wanted_.error->kind + (part.empty() ? "" : ": …" + part + "…"), error_text(got_.error));
  }

  void check_variable(const std::string& name, const value& wanted) {
    const auto found =
        std::find_if(got_.vars.begin(), got_.vars.end(), [&](const auto& v) { return v.first == name; });
    if (found == got_.vars.end())
      add("vars." + name, to_text(wanted), "no such variable");
    else
      compare_values("vars." + name, wanted, found->second, all_);
  }

  void check_calls(const std::string& name, const expected_calls& wanted) {
    std::uint64_t times = 0;
    for (const auto& q : got_.calls) {
      const bool own = !q.run.empty() && (q.path == name || (!q.step.empty() && q.step == name));
      if (!own && q.agent + '.' + q.action != name)
        continue;
      ++times;
      if (!wanted.with)
        continue;
      const auto body = from_text(q.body);
      compare_values("calls." + name + (times > 1 ? " #" + std::to_string(times) : "") + ".with",
                     *wanted.with, body ? *body : value(), all_);
    }
    if (wanted.times && *wanted.times != times)
      add("calls." + name, std::to_string(*wanted.times), std::to_string(times));
    else if (!wanted.times && times == 0)
      add("calls." + name, "at least one", "none");
  }

  void check_path() {
    auto at = got_.trail.begin();
    for (const auto& place : wanted_.path) {
      const auto next =
          std::find_if(at, got_.trail.end(), [&](const auto& path) { return names(place, path); });
      if (next == got_.trail.end()) {
        const bool earlier =
            std::any_of(got_.trail.begin(), at, [&](const auto& p) { return names(place, p); });
        add("path", place + (at == got_.trail.begin() ? "" : " after " + *(at - 1)),
            earlier ? "it ran before" : "it did not run");
        return;
      }
      at = next + 1;
    }
    for (const auto& place : wanted_.never)
      if (std::any_of(got_.trail.begin(), got_.trail.end(), [&](const auto& p) { return names(place, p); }))
        add("never", place + " does not run", "it ran");
  }

  void check_stuck() {
    const auto& stuck = got_.stuck;
    const bool there =
        std::any_of(stuck.begin(), stuck.end(), [&](const auto& path) { return names(wanted_.stuck, path); });
    if (!wanted_.stuck.empty() && !there)
      add("stuck", wanted_.stuck, stuck.empty() ? "nothing is stuck" : stuck.front());
  }

  void check_time() {
    const auto took = got_.virtual_time;
    if (wanted_.at_least && took < *wanted_.at_least)
      add("virtual_time", "at least " + config::format_duration(*wanted_.at_least),
          config::format_duration(took));
    if (wanted_.at_most && took > *wanted_.at_most)
      add("virtual_time", "at most " + config::format_duration(*wanted_.at_most),
          config::format_duration(took));
  }

  const expectation& wanted_;
  const case_outcome& got_;
  std::vector<mismatch> all_;
};

std::multiset<std::string> listed(const std::set<effect>& effects, bool keys) {
  std::multiset<std::string> all;
  for (const auto& e : effects)
    all.insert(e.action + ' ' + e.body + (keys ? " under " + e.key : ""));
  return all;
}

} // namespace

void compare_values(const std::string& what, const value& expected, const value& got,
                    std::vector<mismatch>& into) {
  if (expected.is(value_kind::map) && got.is(value_kind::map))
    return compare_maps(what, expected, got, into);
  if (expected.is(value_kind::list) && got.is(value_kind::list))
    return compare_lists(what, expected, got, into);
  if (!equal(expected, got))
    into.push_back({what, to_text(expected), to_text(got)});
}

std::vector<mismatch> check_expectation(const expectation& wanted, const case_outcome& got) {
  return checker(wanted, got).run();
}

std::vector<mismatch> compare_outcomes(const case_outcome& wanted, const case_outcome& got, bool keys) {
  std::vector<mismatch> all;
  if (wanted.state != got.state)
    all.push_back({"state", wanted.state, got.state});
  if (!equal(wanted.output, got.output))
    all.push_back({"output", to_text(wanted.output), to_text(got.output)});
  if (wanted.error.kind != got.error.kind)
    all.push_back({"error", error_text(wanted.error), error_text(got.error)});
  const auto before = listed(wanted.effects, keys);
  const auto after = listed(got.effects, keys);
  for (const auto& e : before)
    if (after.count(e) < before.count(e))
      all.push_back({"effects", e, "it did not take place"});
  for (const auto& e : after)
    if (before.count(e) < after.count(e))
      all.push_back({"effects", "nothing more", e});
  return all;
}

} // namespace troupe::workflow
