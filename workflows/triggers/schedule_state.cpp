#include "workflows/triggers/schedule_state.hpp"

#include "config/settings/units.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

json packed(const claim& c) {
  return json::array({to_ms(c.nominal), c.run, static_cast<int>(c.why), c.canceled});
}

claim claim_from(const json& from) {
  return {from_ms(from.at(0).get<std::int64_t>()), from.at(1).get<std::string>(),
          static_cast<start_reason>(from.at(2).get<int>()), from.at(3).get<bool>()};
}

template<class Claims>
json packed_all(const Claims& from) {
  auto made = json::array();
  for (const auto& c : from)
    made.push_back(packed(c));
  return made;
}

json time_of(instant t) { return t == never ? json() : json(to_ms(t)); }
instant time_from(const json& from) { return from.is_null() ? never : from_ms(from.get<std::int64_t>()); }
json shown(instant t) { return t == never || t == instant{} ? json() : json(to_rfc3339(t)); }

json shown(const claim& c) {
  return object("instant", to_rfc3339(c.nominal), "run", c.run, "reason", to_string(c.why));
}

template<class Claims>
json shown_all(const Claims& from) {
  auto made = json::array();
  for (const auto& c : from)
    made.push_back(shown(c));
  return made;
}

std::string state_of(const schedule_record& s) {
  if (!s.deployed)
    return "removed";
  if (s.paused)
    return "paused";
  return s.problem.empty() && !s.absent ? "active" : "stuck";
}

std::string reason_of(const schedule_record& s) {
  if (s.paused)
    return "paused; troupe workflow schedule resume " + s.id;
  if (!s.problem.empty())
    return s.problem;
  return s.absent && s.deployed ? "the workflow " + s.workflow + " is not on this node; it waits for it" : "";
}

std::string_view word(overlap_rule r) {
  constexpr std::string_view words[] = {"skip", "allow", "queue", "cancel_running"};
  return words[static_cast<std::size_t>(r)];
}

json facts(const schedule_record& s, const schedule_trigger* rule) {
  auto made = object("schedule", s.id, "workflow", s.workflow, "name", s.name, "state", state_of(s), "reason",
                     reason_of(s), "next", s.paused ? json() : shown(s.next), "started", s.started, "skipped",
                     s.skipped, "open", s.open.size(), "waiting", s.waiting.size(), "last",
                     s.last ? shown(*s.last) : json());
  if (!rule)
    return made;
  if (rule->cron.empty())
    made["every"] = config::format_duration(rule->every);
  else
    made.update(object("cron", rule->cron, "timezone", rule->timezone));
  made["overlap"] = word(rule->overlap);
  made["jitter"] = config::format_duration(rule->jitter);
  if (rule->catchup)
    made["catchup"] = config::format_duration(*rule->catchup);
  return made;
}

} // namespace

std::string_view to_string(start_reason r) noexcept {
  constexpr std::string_view words[] = {"schedule", "trigger", "backfill"};
  return words[static_cast<std::size_t>(r)];
}

std::string encode(const schedule_record& s) {
  auto made = object("pin", s.pin, "deployed", s.deployed, "paused", s.paused, "absent", s.absent, "times",
                     json::array({to_ms(s.now), to_ms(s.settled), time_of(s.next)}), "open",
                     packed_all(s.open), "waiting", packed_all(s.waiting), "counts",
                     json::array({s.started, s.skipped}), "problem", s.problem);
  if (s.looking)
    made["looking"] = to_ms(*s.looking);
  if (s.filling)
    made["filling"] = json::array({to_ms(s.filling->first), to_ms(s.filling->second)});
  if (s.asker)
    made["asker"] = json::array({s.asker->from.text(), s.asker->type, s.asker->call_key, s.asker->attempt});
  if (s.last)
    made["last"] = packed(*s.last);
  return made.dump();
}

result<void> decode(std::string_view text, schedule_record& into) try {
  const auto from = read_json(text);
  into.pin = from.at("pin").get<std::string>();
  into.deployed = from.at("deployed").get<bool>();
  into.paused = from.at("paused").get<bool>();
  into.absent = from.at("absent").get<bool>();
  into.now = time_from(from.at("times").at(0));
  into.settled = time_from(from.at("times").at(1));
  into.next = time_from(from.at("times").at(2));
  for (const auto& c : from.at("open"))
    into.open.push_back(claim_from(c));
  for (const auto& c : from.at("waiting"))
    into.waiting.push_back(claim_from(c));
  into.started = from.at("counts").at(0).get<std::uint64_t>();
  into.skipped = from.at("counts").at(1).get<std::uint64_t>();
  into.problem = from.at("problem").get<std::string>();
  if (from.contains("looking"))
    into.looking = time_from(from.at("looking"));
  if (from.contains("filling"))
    into.filling = {time_from(from.at("filling").at(0)), time_from(from.at("filling").at(1))};
  if (from.contains("last"))
    into.last = claim_from(from.at("last"));
  if (!from.contains("asker"))
    return {};
  const auto& a = from.at("asker");
  auto id = agent_id::parse(a.at(0).get<std::string>());
  if (!id)
    return tl::unexpected(id.error());
  into.asker = {std::move(*id), a.at(1).get<std::string>(), a.at(2).get<std::string>(),
                a.at(3).get<std::uint32_t>()};
  return {};
} catch (const std::exception& e) {
  return fail(fault::corrupt, std::string("a schedule's snapshot that cannot be read: ") + e.what());
}

std::string view_of(const schedule_record& s, const schedule_trigger* rule) {
  auto made = facts(s, rule);
  made["open_runs"] = shown_all(s.open);
  made["waiting_runs"] = shown_all(s.waiting);
  made["settled"] = shown(s.settled);
  return made.dump();
}

journal::listing index_line(const schedule_record& s, const schedule_trigger* rule) {
  journal::listing line;
  line.category = "schedule";
  line.name = s.workflow;
  line.state = state_of(s);
  line.open = s.deployed;
  line.updated = s.now;
  line.detail = facts(s, rule).dump(-1, ' ', false, json::error_handler_t::replace);
  return line;
}

} // namespace troupe::workflow
