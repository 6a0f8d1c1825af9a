#include "workflows/language/read/agent_reader.hpp"

#include "runtime/base/hash.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/read/plan_reader.hpp"
#include "workflows/language/read/workflow_reader.hpp"

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

class agent_reader {
public:
  agent_reader(const node& root, reporter& to)
      : root_(root)
      , to_(to)
      , draft_{std::make_shared<agent_plan>(), root, {}}
      , agent_(*draft_.made) {}

  agent_draft read() && {
    agent_.name = text(root_, "agent");
    agent_.version = plan_reader::count_at(root_, "version", 1, to_);
    agent_.text = canonical_text(root_, to_);
    agent_.hash = content_hash(agent_.text);
    read_limits();
    const auto actions = find(root_, "actions");
    if (actions && actions->is(node_kind::map))
      for (const config::entry& e : actions->entries())
        if (e.value.is(node_kind::map) && !to_.rejected(e.value))
          read_action(e.key, e.value);
    return std::move(draft_);
  }

private:
  std::optional<node> find(const node& map, std::string_view key) const {
    return plan_reader::find(map, key, to_);
  }
  std::string text(const node& map, std::string_view key) const {
    return plan_reader::text_at(map, key, to_);
  }

  void read_limits() {
    if (const auto state = find(root_, "state")) {
      agent_.state_schema = plan_reader::count_at(*state, "schema", agent_.state_schema, to_);
      agent_.state_bytes_max =
          plan_reader::count_at(*state, "max_bytes", static_cast<std::uint32_t>(agent_.state_bytes_max), to_);
    }
    if (const auto mailbox = find(root_, "mailbox"))
      agent_.mailbox_max = plan_reader::count_at(*mailbox, "max", agent_.mailbox_max, to_);
    if (const auto rule = find(root_, "supervision")) {
      const supervision_rule read = plan_reader::read_supervision(*rule, to_);
      agent_.restart = read.restart;
      agent_.max_restarts = read.max_restarts;
      agent_.within = read.within;
    }
    if (const auto memory = find(root_, "memory"); memory && memory->is(node_kind::list))
      for (const node& kind : memory->items())
        if (kind.is(node_kind::text))
          agent_.memory.emplace_back(kind.text());
  }

  void read_action(const node& key, const node& at) {
    draft made{std::make_shared<plan>(), at, {}, {}, "action \"" + std::string(key.text()) + "\""};
    action what;
    what.name = std::string(key.text());
    plan_reader reader(
        made, step_defaults{.timeout = milliseconds(0), .retry = {}, .definitions = find(root_, "$defs")},
        to_);
    if (const auto shape = find(at, "input"))
      what.input = reader.read_schema(*shape, true);
    if (const auto shape = find(at, "output"))
      what.output = reader.read_schema(*shape, false);
    what.requires_approval = plan_reader::flag_at(at, "requires_approval", to_);
    plan& run = *made.made;
    run.name = agent_.name + "." + what.name;
    run.version = agent_.version;
    run.hash = agent_.hash + ":" + what.name;
    run.text = agent_.text;
    run.input = what.input;
    if (const auto steps = find(at, "steps")) {
      run.body = reader.read_sequence(*steps, nullptr, "");
      what.run = made.made;
    } else if (const auto decision = find(at, "decision")) {
      what.decision = read_decision(*decision, made);
    } else if (const auto predict = find(at, "predict")) {
      what.predict = read_predict(*predict, what, reader);
    }
    agent_.actions.emplace(what.name, std::move(what));
    draft_.actions.push_back({key, at, std::move(made)});
  }

  formula remember(draft& into, const node& map, std::string_view key, wanted as) {
    const auto found = find(map, key);
    if (!found)
      return {};
    written read = read_written(*found, to_);
    formula made = make_formula(read);
    into.uses.push_back({surroundings::start,
                         use{.key = std::string(key), .as = as, .secrets = false, .value = std::move(read)}});
    return made;
  }

  decision_table read_decision(const node& at, draft& into) {
    decision_table made;
    made.first = text(at, "mode") == "first";
    const auto rules = find(at, "rules");
    if (!rules || !rules->is(node_kind::list))
      return made;
    for (const node& rule : rules->items()) {
      if (!rule.is(node_kind::map))
        continue;
      check_rule(rule, made.first);
      decision_rule read;
      read.when = remember(into, rule, "when", wanted::boolean);
      if (const auto add = find(rule, "add");
          add && (add->is(node_kind::integer) || add->is(node_kind::real)))
        read.add = add->real();
      read.choose = remember(into, rule, "choose", wanted::anything);
      read.reason = remember(into, rule, "reason", wanted::text);
      made.rules.push_back(std::move(read));
    }
    return made;
  }

  void check_rule(const node& rule, bool first) {
    const std::string wants = first ? "choose" : "add";
    const std::string other = first ? "add" : "choose";
    const std::string mode = first ? "first" : "sum";
    if (const auto wrong = rule.find_entry(other))
      return to_.error(wrong->key, codes::bad_rule,
                       "\"" + other + "\" means nothing in mode \"" + mode + "\"",
                       "a rule of this table has \"" + wants + "\"");
    if (!rule.find(wants) && rule.size() > 0)
      to_.error(rule.entry_at(0).key, codes::bad_rule,
                "this rule decides nothing: \"" + wants + "\" is missing");
  }

  predict_program read_predict(const node& at, action& of, plan_reader& reader) {
    predict_program made;
    made.instructions = text(at, "instructions");
    made.input_schema = fields_schema(at, "input", of.input, reader);
    made.output_schema = fields_schema(at, "output", of.output, reader);
    if (const auto model = text(at, "model"); !model.empty())
      made.model = model;
    made.adapter = text(at, "adapter");
    return made;
  }

  // The fields are the properties of an object that has all of them and no others. What the action itself
  // does not say about its input and output follows from them.
  std::string fields_schema(const node& at, std::string_view key, std::shared_ptr<const schema>& implied,
                            plan_reader& reader) {
    const auto fields = find(at, key);
    if (!fields || !fields->is(node_kind::map))
      return "{}";
    std::string properties;
    std::string required;
    for (const config::entry& e : fields->entries()) {
      if (reader.read_schema(e.value, false) == nullptr)
        return "{}";
      const std::string name = config::quote_json(e.key.text());
      properties += (properties.empty() ? "" : ",") + name + ":" + config::to_json(e.value).value_or("{}");
      required += (required.empty() ? "" : ",") + name;
    }
    std::string shared;
    if (const auto definitions = find(root_, "$defs"))
      shared = ",\"$defs\":" + config::to_json(*definitions).value_or("{}");
    std::string text = "{\"type\":\"object\",\"properties\":{" + properties + "},\"required\":[" + required +
                       "],\"additionalProperties\":false" + shared + "}";
    if (implied == nullptr)
      implied = schema::compile(text).value_or(nullptr);
    return text;
  }

  const node& root_;
  reporter& to_;
  agent_draft draft_;
  agent_plan& agent_;
};

} // namespace

agent_draft read_agent(const node& root, reporter& to) { return agent_reader(root, to).read(); }

} // namespace troupe::workflow
