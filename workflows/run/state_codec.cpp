// A run's record as JSON: its snapshot.
#include "config/expression/value_json.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/run/state.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

json packed(const value& v) {
  auto made = expression::to_json(v);
  return made ? std::move(*made) : json();
}

value unpacked(const json& from) {
  auto made = expression::from_json(from);
  return made ? std::move(*made) : value();
}

json packed(const failure& f) {
  return f.empty() ? json() : object("kind", f.kind, "message", f.message, "agent", f.agent);
}

failure failure_from(const json& from) {
  if (!from.is_object())
    return {};
  return {from.at("kind").get<std::string>(), from.at("message").get<std::string>(),
          from.at("agent").get<std::string>()};
}

json packed(const ending& e) {
  return object("state", to_string(e.state), "result", packed(e.result), "error", packed(e.error));
}

ending ending_from(const json& from) {
  return {run_state_of(from.at("state").get<std::string>()), unpacked(from.at("result")),
          failure_from(from.at("error"))};
}

json time_of(instant t) { return to_ms(t); }
instant time_from(const json& from) { return from_ms(from.get<std::int64_t>()); }

/// Only what differs from a step nobody has come to.
json packed(const instance& i) {
  auto made = object("path", i.path, "state", to_string(i.state));
  const auto flag = [&](const char* name, bool set) {
    if (set)
      made[name] = true;
  };
  flag("stopping", i.stopping);
  flag("leaving", i.leaving);
  flag("parked", i.parked);
  flag("undone", i.undone);
  flag("held", i.held);
  if (i.stopping || i.what->what == verb::attempt)
    made["planned"] = packed(i.planned);
  made["n"] = json::array({i.attempt, i.ended_number, time_of(i.started), time_of(i.ended), i.position});
  const auto put = [&](const char* name, json v) {
    if (!v.is_null() && !v.empty())
      made[name] = std::move(v);
  };
  made["result"] = packed(i.result);
  put("error", packed(i.error));
  made["args"] = packed(i.arguments);
  made["local"] = packed(i.local);
  put("waits", json(i.waits));
  auto children = json::array();
  for (const auto& child : i.children)
    children.push_back(packed(*child));
  put("children", std::move(children));
  return made;
}

bool flag_in(const json& from, const char* name) { return from.value(name, false); }

/// The step of a child: told by the last segment of its path.
const step* step_of(const step& parent, const std::string& parent_path, const std::string& path);

std::unique_ptr<instance> instance_from(const json& from, const step& what, instance* parent) {
  auto i = std::make_unique<instance>();
  i->what = &what;
  i->parent = parent;
  i->path = from.at("path").get<std::string>();
  i->state = run_state_of(from.at("state").get<std::string>());
  i->stopping = flag_in(from, "stopping");
  i->leaving = flag_in(from, "leaving");
  i->parked = flag_in(from, "parked");
  i->undone = flag_in(from, "undone");
  i->held = flag_in(from, "held");
  if (from.contains("planned"))
    i->planned = ending_from(from.at("planned"));
  const auto& n = from.at("n");
  i->attempt = n.at(0).get<std::uint32_t>();
  i->ended_number = n.at(1).get<std::uint64_t>();
  i->started = time_from(n.at(2));
  i->ended = time_from(n.at(3));
  i->position = n.at(4).get<std::uint32_t>();
  i->result = unpacked(from.at("result"));
  i->error = failure_from(from.value("error", json()));
  i->arguments = unpacked(from.at("args"));
  i->local = unpacked(from.at("local"));
  i->waits = from.value("waits", std::vector<std::string>());
  for (const auto& child : from.value("children", json::array())) {
    const auto* step = step_of(what, i->path, child.at("path").get<std::string>());
    if (!step)
      throw std::runtime_error("the definition has no step at " + child.at("path").get<std::string>());
    i->children.push_back(instance_from(child, *step, i.get()));
  }
  return i;
}

const step* child_named(const steps& among, const std::string& segment) {
  for (const auto* s : among)
    if (s->segment == segment)
      return s;
  return nullptr;
}

const step* only(const step* s, const std::string& segment) {
  return s && s->segment == segment ? s : nullptr;
}

struct find_child {
  const std::string& segment;
  const step* operator()(const sequence_body& b) const { return child_named(b.children, segment); }
  const step* operator()(const parallel_body& b) const { return child_named(b.branches, segment); }
  const step* operator()(const race_body& b) const { return child_named(b.branches, segment); }
  const step* operator()(const choice_body& b) const {
    for (const auto& arm : b.arms)
      if (arm.body->segment == segment)
        return arm.body;
    return nullptr;
  }
  const step* operator()(const map_body& b) const { return segment.front() == '[' ? b.body : nullptr; }
  const step* operator()(const loop_body& b) const { return segment.front() == '[' ? b.body : nullptr; }
  const step* operator()(const attempt_body& b) const {
    if (const auto* s = only(b.body, segment))
      return s;
    for (const auto& handler : b.handlers)
      if (handler.body->segment == segment)
        return handler.body;
    return only(b.finally, segment);
  }
  template<class Leaf>
  const step* operator()(const Leaf&) const {
    return nullptr;
  }
};

const step* step_of(const step& parent, const std::string& parent_path, const std::string& path) {
  auto segment = path.substr(parent_path.size());
  if (segment.starts_with('/'))
    segment.erase(0, 1);
  if (segment == "!undo")
    return parent.compensate;
  if (segment == "!reconcile")
    return parent.reconcile;
  return segment.empty() ? nullptr : std::visit(find_child{segment}, parent.body);
}

json packed_id(const agent_id& id) { return id.empty() ? json("") : json(id.text()); }

agent_id id_from(const json& from) {
  auto id = agent_id::parse(from.get<std::string>());
  return id ? std::move(*id) : agent_id();
}

json named_values(const std::vector<std::pair<std::string, value>>& from) {
  auto made = json::array();
  for (const auto& [name, v] : from)
    made.push_back(json::array({name, packed(v)}));
  return made;
}

json packed_callers(const run_record& run) {
  auto made = json::array();
  for (const auto& c : run.callers)
    made.push_back(json::array({packed_id(c.from), c.type, c.call_key, c.attempt}));
  return made;
}

json packed_signals(const run_record& run) {
  auto made = json::array();
  for (const auto& s : run.signals)
    made.push_back(json::array({s.name, s.correlation, s.id, packed(s.body)}));
  return made;
}

} // namespace

std::string encode(const run_record& run) {
  auto chain = json::array();
  for (const auto& id : run.chain)
    chain.push_back(packed_id(id));
  auto made = object("workflow", run.workflow, "plan", run.plan_hash, "state", to_string(run.state), "phase",
                     run.phase, "paused", run.paused, "closing", run.closing, "planned", packed(run.planned),
                     "salt", run.key_salt, "started_by", run.started_by, "trace", run.trace, "forked_from",
                     run.forked_from, "lock", json::array({run.lock, run.joined}), "seen", run.signals_seen,
                     "times", json::array({time_of(run.started), time_of(run.ended), time_of(run.now)}),
                     "input", packed(run.input), "event", packed(run.event), "output", packed(run.output),
                     "error", packed(run.error), "vars", named_values(run.vars), "attributes", run.attributes,
                     "chain", std::move(chain), "callers", packed_callers(run), "signals",
                     packed_signals(run), "undo", run.undo, "counts",
                     json::array({run.endings, run.tokens, run.micro_usd, run.epoch}), "waits", run.waits);
  if (run.root)
    made["root"] = packed(*run.root);
  return made.dump();
}

namespace {

void read_facts(const json& from, run_record& into) {
  into.workflow = from.at("workflow").get<std::string>();
  into.plan_hash = from.at("plan").get<std::string>();
  into.state = run_state_of(from.at("state").get<std::string>());
  into.phase = from.at("phase").get<std::string>();
  into.paused = from.at("paused").get<bool>();
  into.closing = from.at("closing").get<bool>();
  into.planned = ending_from(from.at("planned"));
  into.key_salt = from.at("salt").get<std::string>();
  into.started_by = from.at("started_by").get<std::string>();
  into.trace = from.at("trace").get<std::string>();
  into.forked_from = from.at("forked_from").get<std::string>();
  if (from.contains("lock")) { // snapshots of earlier builds have none
    into.lock = from.at("lock").at(0).get<std::string>();
    into.joined = from.at("lock").at(1).get<std::string>();
  }
  into.signals_seen = from.value("seen", std::vector<std::string>());
  const auto& times = from.at("times");
  into.started = time_from(times.at(0));
  into.ended = time_from(times.at(1));
  into.now = time_from(times.at(2));
  const auto& counts = from.at("counts");
  into.endings = counts.at(0).get<std::uint64_t>();
  into.tokens = counts.at(1).get<std::uint64_t>();
  into.micro_usd = counts.at(2).get<std::uint64_t>();
  into.epoch = counts.at(3).get<std::uint32_t>();
  into.attributes = from.at("attributes").get<std::vector<std::pair<std::string, std::string>>>();
  into.undo = from.at("undo").get<std::vector<std::string>>();
  into.waits = from.at("waits").get<std::vector<std::string>>();
}

void read_values(const json& from, run_record& into) {
  into.input = unpacked(from.at("input"));
  into.event = unpacked(from.at("event"));
  into.output = unpacked(from.at("output"));
  into.error = failure_from(from.at("error"));
  into.vars.clear();
  for (const auto& v : from.at("vars"))
    into.vars.emplace_back(v.at(0).get<std::string>(), unpacked(v.at(1)));
  into.chain.clear();
  for (const auto& id : from.at("chain"))
    into.chain.push_back(id_from(id));
  into.callers.clear();
  for (const auto& c : from.at("callers"))
    into.callers.push_back({id_from(c.at(0)), c.at(1).get<std::string>(), c.at(2).get<std::string>(),
                            c.at(3).get<std::uint32_t>()});
  into.signals.clear();
  for (const auto& s : from.at("signals"))
    into.signals.push_back({s.at(0).get<std::string>(), s.at(1).get<std::string>(),
                            s.at(2).get<std::string>(), unpacked(s.at(3))});
}

} // namespace

result<void> decode(std::string_view text, const known_plans& known, run_record& into) try {
  const auto from = read_json(text);
  if (!from.is_object())
    return fail(fault::corrupt, "a run's snapshot that is no JSON object");
  read_facts(from, into);
  read_values(from, into);
  const auto plan = known.find(into.plan_hash);
  if (plan != known.end()) {
    into.definition = plan->second.made;
    into.env = plan->second.env;
  }
  if (!from.contains("root"))
    return {};
  if (!into.definition)
    return fail(fault::corrupt, "the definition " + into.plan_hash + " of the run is missing");
  into.root = instance_from(from.at("root"), *into.definition->body, nullptr);
  return {};
} catch (const std::exception& e) {
  return fail(fault::corrupt, std::string("a run's snapshot that cannot be read: ") + e.what());
}

} // namespace troupe::workflow
