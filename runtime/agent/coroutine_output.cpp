// What a turn of a task becomes in the journal.
#include "runtime/agent/coroutine_behaviour.hpp"

#include "runtime/agent/row_keys.hpp"
#include "runtime/base/hash.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/task/turn_codec.hpp"

#include <nlohmann/json.hpp>

namespace troupe {

namespace {
constexpr milliseconds answer_kept{24 * 3600 * 1000};
}

void coroutine_behaviour::write_suspended(const std::string& id, open_task& task, const turn_record& record,
                                          turn& t) {
  if (!task.stored) {
    const auto& origin = task.run->origin();
    task_row row{origin.message, origin.handler_version, task.begun, task.begun_by};
    t.commit.puts.push_back({journal::row_class::task, id, 1, encode(row), never});
    event(t, "task_began", origin.message, "", record.time);
    task.stored = true;
    for (const auto& earlier : task.unstored)
      write_record(id, task, earlier, t);
    task.unstored.clear();
  }
  write_record(id, task, record, t);
}

void coroutine_behaviour::write_record(const std::string& id, open_task& task, const turn_record& record,
                                       turn& t) {
  t.commit.puts.push_back(
      {journal::row_class::record, row_keys::record(id, ++task.records), 1, encode(record), never});
}

void coroutine_behaviour::write_documents(const std::string& id, open_task& task, bool stays_open, turn& t) {
  bool keeps_base = stays_open && kind_.how == discipline::exclusive;
  for (const auto& [key, changed] : documents_.changes())
    if (keeps_base && task.bases.insert(key).second)
      t.commit.puts.push_back(
          {journal::row_class::base, row_keys::base(id, key), 1, encode_base(changed.before), never});
  write_documents(t);
}

void coroutine_behaviour::write_documents(turn& t) {
  if (documents_.changes().empty())
    return;
  for (const auto& [key, changed] : documents_.changes()) {
    if (auto* body = documents_.find(key))
      t.commit.puts.push_back({journal::row_class::document, key, kind_.state_schema, *body, never});
    else
      t.commit.erases.push_back({journal::row_class::document, key, false});
  }
  documents_.settle();
}

void coroutine_behaviour::write_outputs(const std::string& id, const open_task& task, turn_result& came,
                                        turn& t, instant now) {
  const auto& because = task.run->origin().message;
  write_canceled(id, task, came.canceled, t, now);
  write_sent(because, came, t, now);
  for (const auto& asked : came.record.asked)
    if (task.run->waits_for(asked.effect)) // else it was canceled within the same turn
      write_ask(id, task, *task.run->find(asked.effect), t, now);
}

void coroutine_behaviour::write_sent(const envelope& because, turn_result& came, turn& t, instant now) {
  for (auto& sent : came.mail) {
    auto kind = sent.signal ? message_kind::signal : message_kind::message;
    auto e = from_here(kind, sent.to, std::move(sent.type), std::move(sent.body), because, now);
    e.correlation = std::move(sent.correlation);
    put_outbox(e, t);
  }
  tell(came.tells, because, t, now);
  for (const auto& change : came.timers)
    write_timer(change, t);
  for (auto& emitted : came.events)
    t.commit.events.push_back({std::move(emitted.kind), std::move(emitted.detail), because.trace, now});
}

void coroutine_behaviour::write_ask(const std::string& id, const open_task& task, const ask& asked, turn& t,
                                    instant now) {
  const auto& because = task.run->origin().message;
  if (asked.kind == ask_kind::run) {
    t.after.push_back(run_work{id, asked.effect, asked.work});
  } else if (asked.kind == ask_kind::outside) {
    journal::effect_put row;
    row.id = id + '/' + asked.effect;
    row.verb = asked.verb;
    row.target = asked.target;
    row.body = asked.body;
    row.key = row.id;
    row.deadline = asked.due;
    row.once = because.once;
    t.commit.effects.push_back(row);
    t.after.push_back(execute_effect{id, asked.effect, std::move(row), false});
  } else if (asked.kind == ask_kind::call) {
    make_call(id, task, asked, t, now);
  } else if (asked.kind == ask_kind::query) {
    ask_agent(id, task, asked, t, now);
  }
}

void coroutine_behaviour::write_canceled(const std::string& id, const open_task& task,
                                         const std::vector<ask>& asks, turn& t, instant now) {
  for (const auto& asked : asks) {
    if (asked.kind == ask_kind::outside) {
      t.commit.effect_clears.push_back(id + '/' + asked.effect);
      t.after.push_back(forget_effect{id + '/' + asked.effect});
    } else if (asked.kind == ask_kind::call) {
      cancel_call(id, task, asked, t, now);
    }
  }
}

void coroutine_behaviour::write_timer(const timer_change& change, turn& t) {
  if (change.clear) {
    if (timers_.erase(change.name) > 0)
      t.commit.erases.push_back({journal::row_class::timer, change.name, false});
    return;
  }
  timer_row row{change.due, change.type, change.body};
  t.commit.puts.push_back({journal::row_class::timer, change.name, 1, encode(row), never});
  timers_[change.name] = std::move(row);
}

void coroutine_behaviour::answer(const envelope& asked, const outcome& what, turn& t, instant now) {
  if (asked.told) {
    t.after.push_back(answer_query{{asked.from, asked.call_key, what}});
    return;
  }
  auto e = from_here(message_kind::reply, asked.from, asked.type, "", asked, now);
  e.call_key = asked.call_key;
  e.attempt = asked.attempt;
  e.answer = what;
  put_outbox(e, t);
  if (asked.attempt == 0)
    return;
  answered_call row{stable_hash(asked.type + '\x1f' + asked.body), what};
  auto key = "call\x1f" + asked.from.text() + '\x1f' + asked.call_key;
  auto bytes = encode(row);
  other_rows_[key] = bytes;
  t.commit.puts.push_back({journal::row_class::call_key, key, 1, std::move(bytes), now + answer_kept});
}

void coroutine_behaviour::close(task_map::iterator at, turn& t) {
  if (at->second.stored) {
    t.commit.erases.push_back({journal::row_class::task, at->first, false});
    t.commit.erases.push_back({journal::row_class::record, at->first, true});
    t.commit.erases.push_back({journal::row_class::base, at->first, true});
  }
  serving_ = nullptr;
  tasks_.erase(at);
}

void coroutine_behaviour::dead_letter(const envelope& e, std::string_view reason, std::string note, turn& t,
                                      instant now, bool late) {
  journal::dead_letter letter;
  letter.id = make_ulid(now, services_.random());
  letter.reason = std::string(reason);
  letter.note = std::move(note);
  letter.envelope = encode(e);
  letter.to = e.to;
  letter.from = e.from;
  letter.at = now;
  letter.late = late;
  event(t, "dead_lettered", e, letter.reason, now);
  t.commit.dead_letters.push_back(std::move(letter));
}

void coroutine_behaviour::event(turn& t, std::string kind, const envelope& about, const std::string& note,
                                instant now) {
  if (!kind_.records_history)
    return;
  json detail = json::object();
  detail["type"] = about.type;
  detail["from"] = about.from.empty() ? "" : about.from.text();
  detail["message"] = about.id;
  if (!note.empty())
    detail["note"] = note;
  auto text = detail.dump(-1, ' ', false, json::error_handler_t::replace);
  t.commit.events.push_back({std::move(kind), std::move(text), about.trace, now});
}

envelope coroutine_behaviour::from_here(message_kind kind, const agent_id& to, std::string type,
                                        std::string body, const envelope& because, instant now) {
  envelope e;
  e.kind = kind;
  e.id = make_ulid(now, services_.random());
  e.from = self_;
  e.to = to;
  e.type = std::move(type);
  e.body = std::move(body);
  e.sent = now;
  e.trace = because.trace.empty() ? e.id : because.trace;
  e.principal = because.principal;
  return e;
}

void coroutine_behaviour::put_outbox(const envelope& e, turn& t) {
  t.commit.outbox.push_back({e.to, lane_of(e.kind), encode(e)});
}

} // namespace troupe
