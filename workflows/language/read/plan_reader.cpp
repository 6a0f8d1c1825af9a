#include "workflows/language/read/plan_reader.hpp"

#include "config/settings/units.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/grammar/steps.hpp"
#include "workflows/language/read/read_schema.hpp"

#include <cmath>
#include <utility>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

constexpr std::array<std::pair<std::string_view, verb>, 20> verb_names{{
    {"agent", verb::agent},       {"tell", verb::tell},         {"steps", verb::sequence},
    {"parallel", verb::parallel}, {"choice", verb::choice},     {"map", verb::map},
    {"loop", verb::loop},         {"race", verb::race},         {"try", verb::attempt},
    {"approval", verb::approval}, {"decide", verb::decide},     {"wait", verb::wait},
    {"receive", verb::receive},   {"workflow", verb::workflow}, {"emit", verb::emit},
    {"set", verb::set},           {"fail", verb::fail},         {"return", verb::leave},
    {"break", verb::stop},        {"undo", verb::undo},
}};

} // namespace

std::optional<verb> verb_of(const node& at) {
  for (const config::entry& e : at.entries()) {
    if (grammar::find_verb(e.key.text()) == nullptr)
      continue;
    if (e.key.text() == "agent" && at.find("tell") && !at.find("action"))
      return verb::tell;
    for (const auto& [name, what] : verb_names)
      if (name == e.key.text())
        return what;
  }
  return std::nullopt;
}

std::optional<node> plan_reader::find(const node& map, std::string_view key, const reporter& to) {
  if (!map.is(node_kind::map))
    return std::nullopt;
  auto found = map.find(key);
  return found && !to.rejected(*found) ? found : std::nullopt;
}

milliseconds plan_reader::duration_at(const node& map, std::string_view key, const reporter& to) {
  const auto found = find(map, key, to);
  if (!found || !found->is(node_kind::text))
    return milliseconds(0);
  return config::parse_duration(found->text()).value_or(milliseconds(0));
}

bool plan_reader::flag_at(const node& map, std::string_view key, const reporter& to) {
  const auto found = find(map, key, to);
  return found && found->is(node_kind::boolean) && found->boolean();
}

std::uint32_t plan_reader::count_at(const node& map, std::string_view key, std::uint32_t otherwise,
                                    const reporter& to) {
  const auto found = find(map, key, to);
  return found && found->is(node_kind::integer) ? static_cast<std::uint32_t>(found->integer()) : otherwise;
}

std::string plan_reader::text_at(const node& map, std::string_view key, const reporter& to) {
  const auto found = find(map, key, to);
  return found && found->is(node_kind::text) ? std::string(found->text()) : std::string();
}

budget plan_reader::read_budget(const node& map, const reporter& to) {
  budget made;
  if (const auto tokens = find(map, "tokens", to); tokens && tokens->is(node_kind::integer))
    made.tokens = static_cast<std::uint64_t>(tokens->integer());
  if (const auto money = find(map, "usd", to);
      money && (money->is(node_kind::real) || money->is(node_kind::integer)))
    made.micro_usd = static_cast<std::uint64_t>(std::llround(money->real() * 1e6));
  made.wall = duration_at(map, "wall", to);
  return made;
}

supervision_rule plan_reader::read_supervision(const node& map, const reporter& to) {
  supervision_rule made;
  const std::string restart = text_at(map, "restart", to);
  made.restart = restart == "transient"   ? restart_rule::transient
                 : restart == "temporary" ? restart_rule::temporary
                                          : restart_rule::permanent;
  made.max_restarts = count_at(map, "max_restarts", made.max_restarts, to);
  if (find(map, "within", to))
    made.within = duration_at(map, "within", to);
  return made;
}

void plan_reader::read_retry(const node& map, retry_policy& into, const reporter& to) {
  into.attempts = count_at(map, "attempts", into.attempts, to);
  if (const auto backoff = text_at(map, "backoff", to); !backoff.empty())
    into.exponential = backoff == "exponential";
  if (find(map, "initial", to))
    into.initial = duration_at(map, "initial", to);
  if (find(map, "max", to))
    into.max = duration_at(map, "max", to);
  if (const auto jitter = text_at(map, "jitter", to); !jitter.empty())
    into.full_jitter = jitter == "full";
  if (const auto kinds = find(map, "on", to); kinds && kinds->is(node_kind::list)) {
    into.on.clear();
    for (const node& kind : kinds->items())
      if (kind.is(node_kind::text))
        into.on.emplace_back(kind.text());
  }
  if (const auto then = text_at(map, "then", to); !then.empty())
    into.then = then == "park" ? after_retries::park : after_retries::fail;
}

std::shared_ptr<const schema> plan_reader::read_schema(const node& at, bool object_implied) {
  if (to_.rejected(at))
    return nullptr;
  return troupe::workflow::read_schema(at, defaults_.definitions, object_implied, to_);
}

bool plan_reader::full(const node& at) {
  if (plan_.arena.size() < limits::workflow_steps_max)
    return false;
  if (!std::exchange(told_full_, true))
    to_.reject(at, codes::too_large,
               "the file has more than " + std::to_string(limits::workflow_steps_max) + " steps",
               "move a part of it to a workflow of its own");
  return true;
}

step& plan_reader::make(const step* parent, std::string segment, const node& at) {
  step& made = *plan_.arena.emplace_back(std::make_unique<step>());
  made.parent = parent;
  made.segment = std::move(segment);
  made.where = at.where();
  draft_.sources.emplace(&made, step_source{.at = at, .id = {}, .uses = {}});
  return made;
}

const step* plan_reader::read_sequence(const node& list, const step* parent, std::string segment) {
  step& made = make(parent, std::move(segment), list);
  made.body = read_members(made, list);
  return &made;
}

sequence_body plan_reader::read_members(const step& of, const node& list) {
  sequence_body body;
  numbering unnamed;
  if (list.is(node_kind::list) && !to_.rejected(list))
    for (const node& item : list.items())
      if (item.is(node_kind::map) && !to_.rejected(item) && !full(item))
        body.children.push_back(read_member(item, &of, unnamed));
  return body;
}

const step* plan_reader::read_member(const node& at, const step* parent, numbering& unnamed) {
  const auto id = find(at, "id");
  if (id && id->is(node_kind::text))
    return read_step(at, parent, std::string(id->text()));
  const verb what = verb_of(at).value_or(verb::sequence);
  return read_step(at, parent, std::string(to_string(what)) + "~" + std::to_string(++unnamed[what]));
}

const step* plan_reader::read_step(const node& at, const step* parent, std::string segment) {
  step& made = make(parent, std::move(segment), at);
  remember_id(made, at);
  read_verb(made, at);
  read_attributes(made, at);
  return &made;
}

void plan_reader::remember_id(step& into, const node& at) {
  const auto id = at.find_entry("id");
  if (!id || !id->value.is(node_kind::text) || to_.rejected(id->value))
    return;
  into.id = std::string(id->value.text());
  const auto [known, fresh] = plan_.by_id.emplace(into.id, &into);
  draft_.sources.at(&into).id = id->value;
  if (!fresh)
    to_.error(id->value, codes::id_twice, "the id \"" + into.id + "\" is taken",
              "ids are unique in the whole file", *draft_.sources.at(known->second).id, "first given here");
}

formula plan_reader::formula_at(const step& of, const node& map, std::string_view key, wanted as, moment when,
                                std::string_view label) {
  const auto found = find(map, key);
  return found ? remember(of, *found, label.empty() ? key : label, as, when) : formula();
}

formula plan_reader::remember(const step& of, const node& value, std::string_view label, wanted as,
                              moment when) {
  written read = read_written(value, to_);
  if (as == wanted::text && !read.computed() && !read.text && value.kind() < node_kind::list &&
      !value.is(node_kind::null)) {
    // A number where text belongs: its text as written.
    return formula::literal(expression::value::text(std::string(value.text())));
  }
  formula made = make_formula(read);
  draft_.sources.at(&of).uses.emplace_back(
      when, use{.key = std::string(label), .as = as, .secrets = label == "with", .value = std::move(read)});
  return made;
}

} // namespace troupe::workflow
