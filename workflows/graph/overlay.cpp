#include "workflows/graph/overlay.hpp"

#include "config/expression/moment.hpp"
#include "config/settings/units.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/time.hpp"
#include "workflows/plan/step_place.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

/// From the least to what matters most to whoever looks.
constexpr std::array<std::string_view, 9> ranks = {
    "none", "skipped", "completed", "canceled", "submitted", "working", "input_required", "failed", "stuck"};

std::size_t rank_of(std::string_view state) {
  const auto found = std::find(ranks.begin(), ranks.end(), state);
  return found == ranks.end() ? 0 : static_cast<std::size_t>(found - ranks.begin());
}

std::optional<std::int64_t> time_at(const json& of, const char* name) {
  if (!of.contains(name) || !of[name].is_string())
    return std::nullopt;
  const auto read = expression::parse_timestamp(of[name].get<std::string>());
  return read ? std::optional(read->seconds * 1'000 + read->nanos / 1'000'000) : std::nullopt;
}

std::string text_at(const json& of, const char* name) {
  return of.contains(name) && of[name].is_string() ? of[name].get<std::string>() : std::string();
}

struct sum {
  box_run run;
  std::int64_t spent_ms = 0;
  bool timed = false;
};

std::string shown_span(std::int64_t ms) {
  if (ms < 1'000)
    return std::to_string(ms) + " ms";
  const auto whole = ms < 60'000 ? ms / 100 * 100 : ms / 1'000 * 1'000;
  if (ms < 60'000)
    return std::to_string(whole / 1'000) + '.' + std::to_string(whole / 100 % 10) + " s";
  return config::format_duration(milliseconds(ms < 86'400'000 ? whole : ms / 60'000 * 60'000));
}

std::map<std::string, sum> sums_of(const json& steps) {
  std::map<std::string, sum> all;
  for (const auto& step : steps) {
    auto& one = all[without_iterations(text_at(step, "path"))];
    auto state = text_at(step, "state");
    if (step.contains("stuck") && step["stuck"] == true)
      state = "stuck";
    if (rank_of(state) >= rank_of(one.run.state))
      one.run.state = state;
    if (state != "skipped")
      ++one.run.times;
    if (step.contains("attempts") && step["attempts"].is_number_unsigned())
      one.run.attempts += step["attempts"].get<std::uint32_t>();
    const auto from = time_at(step, "started");
    const auto to = time_at(step, "ended");
    if (from && to) {
      one.spent_ms += std::max<std::int64_t>(*to - *from, 0);
      one.timed = true;
    }
  }
  return all;
}

void put(box& onto, std::map<std::string, sum>& all) {
  if (const auto found = all.find(onto.path);
      found != all.end() && onto.form != box_form::sequence && onto.form != box_form::terminal &&
      !found->second.run.state.empty() && found->second.run.state != "none") {
    onto.run = found->second.run;
    if (found->second.timed)
      onto.run->duration = shown_span(found->second.spent_ms);
  }
  for (auto& child : onto.children)
    put(child, all);
}

std::string money(std::uint64_t micro) {
  const auto cents = (micro + 5'000) / 10'000;
  if (micro > 0 && cents == 0)
    return "under $0.01";
  return "$" + std::to_string(cents / 100) + '.' + (cents % 100 < 10 ? "0" : "") +
         std::to_string(cents % 100);
}

} // namespace

result<void> overlay(box& onto, const std::string& view) {
  const auto run = read_json(view);
  if (!run.is_object() || !run.contains("steps") || !run["steps"].is_array() || onto.children.empty())
    return fail(fault::invalid, "that is no view of a run");
  auto all = sums_of(run["steps"]);
  put(onto, all);
  auto& last = onto.children.back();
  last.title = text_at(run, "state");
  last.lines.clear();
  if (const auto why = text_at(run, "reason"); !why.empty())
    last.lines.push_back(why.substr(0, why.find(';')));
  const auto from = time_at(run, "started");
  const auto to = time_at(run, "ended");
  std::string facts = from && to ? "took " + shown_span(*to - *from) : "";
  const auto tokens = run.value("tokens", std::uint64_t{0});
  const auto micro = run.value("micro_usd", std::uint64_t{0});
  if (tokens > 0)
    facts += (facts.empty() ? "" : " · ") + std::to_string(tokens) + " tokens";
  if (micro > 0)
    facts += (facts.empty() ? "" : " · ") + money(micro);
  if (!facts.empty())
    last.lines.push_back(facts);
  onto.children.front().lines.push_back("run " + text_at(run, "id"));
  return {};
}

} // namespace troupe::workflow
