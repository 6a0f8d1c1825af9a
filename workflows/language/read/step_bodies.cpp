#include "config/settings/units.hpp"
#include "workflows/language/read/plan_reader.hpp"

namespace troupe::workflow {

using config::node;
using config::node_kind;

void plan_reader::read_verb(step& into, const node& at) {
  const auto what = verb_of(at);
  into.what = what.value_or(verb::sequence);
  if (!what)
    return; // told already; it stands for a step that does nothing
  const std::string_view key = *what == verb::tell ? "agent" : to_string(*what);
  const auto body = find(at, key);
  if (body)
    into.body = body_of(*what, into, at, *body);
  else
    into.body = empty_body(*what);
}

step_body plan_reader::body_of(verb what, const step& of, const node& at, const node& body) {
  switch (what) {
  case verb::agent:
  case verb::tell:
    return read_call(of, at);
  case verb::sequence:
    break;
  case verb::parallel:
    return read_parallel(of, body);
  case verb::choice:
    return read_choice(of, body);
  case verb::map:
    return read_map(of, body);
  case verb::loop:
    return read_loop(of, body);
  case verb::race:
    return race_body{read_branches(of, body)};
  case verb::attempt:
    return read_attempt(of, at, body);
  case verb::approval:
    return read_approval(of, body);
  case verb::decide:
    return read_decide(of, body);
  case verb::wait:
    return read_wait(of, body);
  case verb::receive:
    return read_receive(of, body);
  case verb::workflow:
    return sub_workflow_body{text_at(at, "workflow", to_), flag_at(at, "detach", to_)};
  case verb::emit:
    return emit_body{formula_at(of, body, "event", wanted::text), formula_at(of, body, "data")};
  case verb::set:
    return read_set(of, body);
  case verb::fail:
    return fail_body{formula_at(of, body, "kind", wanted::text),
                     formula_at(of, body, "message", wanted::text)};
  case verb::leave:
  case verb::stop:
    return value_body{remember(of, body, to_string(what), wanted::anything)};
  case verb::undo:
    return undo_body{text_at(at, "undo", to_)};
  }
  return read_members(of, body);
}

step_body plan_reader::empty_body(verb what) {
  switch (what) {
  case verb::agent:
  case verb::tell:
    return call_body{};
  case verb::sequence:
    return sequence_body{};
  case verb::parallel:
    return parallel_body{};
  case verb::choice:
    return choice_body{};
  case verb::map:
    return map_body{};
  case verb::loop:
    return loop_body{};
  case verb::race:
    return race_body{};
  case verb::attempt:
    return attempt_body{};
  case verb::approval:
    return approval_body{};
  case verb::decide:
    return decide_body{};
  case verb::wait:
    return wait_body{};
  case verb::receive:
    return receive_body{};
  case verb::workflow:
    return sub_workflow_body{};
  case verb::emit:
    return emit_body{};
  case verb::set:
    return set_body{};
  case verb::fail:
    return fail_body{};
  case verb::leave:
  case verb::stop:
    return value_body{};
  case verb::undo:
    return undo_body{};
  }
  return sequence_body{};
}

const step* plan_reader::body_at(const step& of, const node& map, std::string_view key, std::string segment) {
  const auto list = find(map, key);
  return list ? read_sequence(*list, &of, std::move(segment)) : nullptr;
}

step_body plan_reader::read_call(const step& of, const node& at) {
  call_body made;
  made.agent = formula_at(of, at, "agent", wanted::text);
  made.key = formula_at(of, at, "key", wanted::text);
  if (find(at, "version"))
    made.version = count_at(at, "version", 0, to_);
  made.action = text_at(at, of.what == verb::tell ? "tell" : "action", to_);
  return made;
}

steps plan_reader::read_branches(const step& of, const node& body) {
  steps made;
  const auto branches = find(body, "branches");
  if (!branches || !branches->is(node_kind::map))
    return made;
  for (const config::entry& e : branches->entries())
    made.push_back(read_sequence(e.value, &of, std::string(e.key.text())));
  return made;
}

step_body plan_reader::read_parallel(const step& of, const node& body) {
  parallel_body made;
  const std::string join = text_at(body, "join", to_);
  made.join = join == "any" ? join_rule::any : join == "settled" ? join_rule::settled : join_rule::all;
  if (const auto counted = find(body, "join"); counted && counted->is(node_kind::map)) {
    made.join = join_rule::at_least;
    made.at_least = count_at(*counted, "at_least", 1, to_);
  }
  made.cancel_on_failure = text_at(body, "on_failure", to_) != "wait";
  made.branches = read_branches(of, body);
  return made;
}

step_body plan_reader::read_choice(const step& of, const node& body) {
  choice_body made;
  std::size_t number = 0;
  if (!body.is(node_kind::list))
    return made;
  for (const node& arm : body.items()) {
    if (!arm.is(node_kind::map))
      continue;
    const bool otherwise = find(arm, "else") && !arm.find("when");
    choice_arm read;
    const std::string label = otherwise ? "else" : "when" + std::to_string(++number);
    if (!otherwise)
      read.when = formula_at(of, arm, "when", wanted::boolean);
    read.body = body_at(of, arm, otherwise ? "else" : "steps", label);
    if (read.body != nullptr)
      made.arms.push_back(std::move(read));
  }
  return made;
}

step_body plan_reader::read_map(const step& of, const node& body) {
  map_body made;
  made.over = formula_at(of, body, "over", wanted::list);
  if (const auto as = text_at(body, "as", to_); !as.empty())
    made.as = as;
  made.key = formula_at(of, body, "key", wanted::text, moment::inside);
  made.max_parallel = count_at(body, "max_parallel", 0, to_);
  const std::string failure = text_at(body, "on_failure", to_);
  made.on_failure = failure == "wait"   ? item_failure::wait
                    : failure == "skip" ? item_failure::skip
                                        : item_failure::cancel;
  made.body = body_at(of, body, "steps", "[]");
  return made;
}

step_body plan_reader::read_loop(const step& of, const node& body) {
  loop_body made;
  made.until = body.is(node_kind::map) && body.find("until") && !body.find("while");
  made.condition = made.until ? formula_at(of, body, "until", wanted::boolean, moment::after_body)
                              : formula_at(of, body, "while", wanted::boolean, moment::inside);
  made.max = formula_at(of, body, "max", wanted::integer);
  made.fail_when_exhausted = text_at(body, "on_exhausted", to_) != "continue";
  made.body = body_at(of, body, "steps", "[]");
  return made;
}

step_body plan_reader::read_attempt(const step& of, const node& at, const node& body) {
  attempt_body made;
  made.body = read_sequence(body, &of, "body");
  std::size_t number = 0;
  if (const auto handlers = find(at, "catch"); handlers && handlers->is(node_kind::list))
    for (const node& handler : handlers->items()) {
      catch_clause read;
      if (const auto kinds = find(handler, "on"); kinds && kinds->is(node_kind::list))
        for (const node& kind : kinds->items())
          if (kind.is(node_kind::text))
            read.on.emplace_back(kind.text());
      read.as = text_at(handler, "as", to_);
      read.body = body_at(of, handler, "steps", "catch" + std::to_string(++number));
      if (read.body != nullptr)
        made.handlers.push_back(std::move(read));
    }
  made.finally = body_at(of, at, "finally", "finally");
  return made;
}

} // namespace troupe::workflow
