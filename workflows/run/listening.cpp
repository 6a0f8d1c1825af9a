#include "workflows/run/listening.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/base/ulid.hpp"
#include "workflows/run/trigger_scope.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

constexpr std::size_t readable_key_max = 100;

/// A value as part of an address: itself when it fits, else its hash.
std::string key_part(const std::string& of) {
  const bool plain = !of.empty() && of.size() <= readable_key_max &&
                     std::all_of(of.begin(), of.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return plain ? of : content_hash(of);
}

std::string text_of(const value& v) {
  return v.is_null() ? std::string() : v.is(expression::value_kind::text) ? v.as_text() : to_text(v);
}

fold_command sending(const result<agent_id>& to, std::string type, const value& body) {
  fold_command c;
  c.what = fold_command::kind::send;
  c.to = *to;
  c.type = std::move(type);
  c.body = to_text(body);
  return c;
}

/// What the trigger's formulas give.
struct reading {
  std::string dedupe;
  std::string correlate;
  value input;
};

result<reading> read_with(const message_trigger& t, const kept_plan& plan, const said_event& what) {
  const auto dedupe = evaluate_trigger(t.dedupe, plan, what.body, what.at);
  const auto correlate = evaluate_trigger(t.correlate, plan, what.body, what.at);
  const auto input = evaluate_trigger(t.input, plan, what.body, what.at);
  for (const auto& [name, made] :
       {std::pair("dedupe", &dedupe), std::pair("correlate", &correlate), std::pair("input", &input)})
    if (!*made)
      return fail(fault::invalid, std::string(name) + ": " + made->error().message);
  return reading{text_of(*dedupe), text_of(*correlate), *input};
}

fold_command begin(const message_listener& by, const reading& read, const said_event& what) {
  const auto& name = by.workflow->made->name;
  auto body = value::object({{"workflow", value::text(name)},
                             {"input", read.input},
                             {"event", what.body},
                             {"started_by", value::text("message/" + what.agent)}});
  const auto place = name + '/' + std::to_string(by.trigger + 1);
  if (read.dedupe.empty() && read.correlate.empty())
    return sending(agent_id::make(what.tenant, "workflow", stable_ulid(what.at, place + ' ' + what.id)),
                   "start", body);
  for (const auto& [field, v] : {std::pair("type", &what.type), std::pair("dedupe", &read.dedupe),
                                 std::pair("correlate", &read.correlate), std::pair("id", &what.id)})
    body = with_field(body, field, value::text(*v));
  const auto key = read.correlate.empty() ? "id/" + key_part(read.dedupe) : "for/" + key_part(read.correlate);
  return sending(agent_id::make(what.tenant, "workflow.message", place + '/' + key), "event", body);
}

} // namespace

std::vector<fold_command> begin_listeners(const catalog& known, const said_event& what,
                                          std::vector<std::string>& problems) {
  std::vector<fold_command> made;
  for (const auto& by : known.listeners(what.agent, what.type)) {
    const auto plan = known.read(by.workflow->key, by.workflow->text);
    const auto read = plan ? read_with(plan->made->messages.at(by.trigger), *plan, what)
                           : result<reading>(tl::unexpected(plan.error()));
    if (read)
      made.push_back(begin(by, *read, what));
    else
      problems.push_back("workflow " + by.workflow->made->name + ": " + read.error().message);
  }
  return made;
}

void begin_listeners_of_emits(const catalog& known, const agent_id& by, const fold_record& because,
                              std::vector<fold_command>& commands) {
  std::vector<fold_command> more;
  std::size_t nth = 0;
  for (const auto& c : commands) {
    if (c.what != fold_command::kind::event || c.type != "emitted")
      continue;
    const auto body = from_text(c.body);
    if (!body)
      continue;
    said_event said{
        by.kind(),           text_in(*body, "event"),
        part(*body, "data"), by.text() + ' ' + std::to_string(because.number) + ' ' + std::to_string(++nth),
        by.tenant(),         because.time};
    std::vector<std::string> problems;
    for (auto& follows : begin_listeners(known, said, problems))
      more.push_back(std::move(follows));
    for (auto& problem : problems) {
      fold_command told;
      told.what = fold_command::kind::event;
      told.type = "trigger_refused";
      told.body =
          to_text(value::object({{"event", value::text(said.type)}, {"problem", value::text(problem)}}));
      more.push_back(std::move(told));
    }
  }
  std::move(more.begin(), more.end(), std::back_inserter(commands));
}

} // namespace troupe::workflow
