// How an activation finds its agent again: documents, timers, signals, and open tasks by replay.
#include "runtime/agent/coroutine_behaviour.hpp"

#include "runtime/agent/row_keys.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/task/turn_codec.hpp"
#include "runtime/wire/outcome_codec.hpp"

#include <nlohmann/json.hpp>

namespace troupe {

result<verdict> coroutine_behaviour::load(const journal::loaded_agent& found, instant) {
  if (auto loaded = load_rows(found); !loaded)
    return tl::unexpected(loaded.error());
  std::map<std::string, std::string> bases; // document → encoded value before the open exclusive task
  for (const auto& row : found.rows)
    if (row.cls == journal::row_class::base)
      bases[row.key] = row.body;
  for (const auto& row : found.rows) {
    if (row.cls != journal::row_class::task)
      continue;
    auto replayed = replay_task(row.key, row, found, bases);
    if (!replayed || replayed->went != verdict::how::done)
      return replayed;
  }
  return verdict();
}

result<void> coroutine_behaviour::load_rows(const journal::loaded_agent& found) {
  for (const auto& row : found.rows) {
    if (row.cls == journal::row_class::document) {
      if (auto loaded = load_document(row); !loaded)
        return loaded;
    } else if (row.cls == journal::row_class::call_key) {
      other_rows_[row.key] = row.body;
    } else if (row.cls == journal::row_class::timer) {
      auto timer = decode_timer(row.body);
      if (!timer)
        return tl::unexpected(timer.error());
      timers_[row.key] = std::move(*timer);
    } else if (row.cls == journal::row_class::signal) {
      auto e = decode_envelope(row.body);
      if (!e)
        return tl::unexpected(e.error());
      signals_[row.key] = stored_signal{e->type, e->correlation, row.body, row.expires};
      next_signal_ = std::max(next_signal_, row_keys::number_at_end(row.key) + 1);
    }
  }
  return {};
}

result<void> coroutine_behaviour::load_document(const journal::agent_row& row) {
  if (row.schema > kind_.state_schema)
    return fail(fault::refused,
                "document \"" + row.key + "\" has schema " + std::to_string(row.schema) +
                    ", this build knows " + std::to_string(kind_.state_schema),
                "run it on a node with the newer build");
  auto body = row.body;
  for (auto from = row.schema; from < kind_.state_schema && kind_.upgrade; ++from)
    body = kind_.upgrade(row.key, from, json::parse(body)).dump();
  documents_.load(row.key, std::move(body));
  return {};
}

result<verdict> coroutine_behaviour::replay_task(const std::string& id, const journal::agent_row& row,
                                                 const journal::loaded_agent& found,
                                                 const std::map<std::string, std::string>& bases) {
  auto began = decode_task(row.body);
  if (!began)
    return tl::unexpected(began.error());
  auto* start = kind_.find(began->message.type);
  bool covered =
      start && began->handler_version >= kind_.oldest_version && began->handler_version <= kind_.version;
  if (!covered)
    return fail(fault::refused,
                "task " + id + " was begun by version " + std::to_string(began->handler_version) +
                    " of handler \"" + began->message.type + "\", which this build cannot replay",
                "troupe restart " + self_.text() + " --task abandon");
  open_task task;
  task.begun = began->begun;
  task.begun_by = began->begun_by;
  task.stored = true;
  auto committed = documents_.all();
  if (kind_.how == discipline::exclusive)
    for (auto at = bases.lower_bound(id); at != bases.end() && at->first.starts_with(id); ++at) {
      auto document = std::string(row_keys::document_of(at->first));
      task.bases.insert(document);
      documents_.erase(document);
      if (auto before = decode_base(at->second))
        documents_.put(document, *before);
    }
  documents_.settle();
  task.run = make_run(id, std::move(began->message), began->handler_version, *start);
  auto at = tasks_.emplace(id, std::move(task)).first;
  serving_ = &at->second.run->origin().message;
  for (const auto& held : found.rows) {
    if (held.cls != journal::row_class::record || row_keys::task_of(held.key) != id)
      continue;
    auto record = decode_turn(held.body);
    if (!record)
      return tl::unexpected(record.error());
    ++at->second.records;
    auto subject = "t/" + id + '/' + record->resumed_by;
    if (poisoned(subject))
      return verdict(verdict::how::crashed, subject,
                     "a fatal signal ended the process three times while it was replayed");
    running_turn guard(services_, self_, subject);
    fault_point("turn.before_replay");
    auto came = at->second.run->replay(*record);
    fault_point("turn.after_replay");
    documents_.settle();
    if (came.ended == turn_result::state::crashed)
      return verdict(verdict::how::crashed, subject, came.problem);
    if (came.ended != turn_result::state::suspended)
      return verdict(verdict::how::diverged, "t/" + id + '/' + record->resumed_by, came.problem);
  }
  at->second.started = at->second.records > 0;
  if (kind_.how == discipline::exclusive && documents_.all() != committed)
    return verdict(verdict::how::diverged, "t/" + id,
                   "replay wrote other state documents than the journal holds for task " + id);
  return verdict();
}

void coroutine_behaviour::rearm(const journal::loaded_agent& found, std::vector<cell_action>& actions,
                                fifo<settled_effect>& settled) {
  for (auto& [id, task] : tasks_)
    for (const auto* waiting : task.run->outstanding()) {
      if (waiting->kind == ask_kind::call)
        find_call_again(id, *waiting);
      if (waiting->kind == ask_kind::run)
        actions.push_back(run_work{id, waiting->effect, waiting->work});
      if (waiting->kind == ask_kind::query)
        settled.push_back(
            {id, waiting->effect,
             outcome::failure("unavailable", "no query survives a restart", waiting->to.text())});
    }
  take_up(found.effects, actions, settled);
}

void coroutine_behaviour::take_up(const std::vector<journal::effect_row>& found,
                                  std::vector<cell_action>& actions, fifo<settled_effect>& settled) {
  std::map<std::string, const journal::effect_row*> rows;
  for (const auto& row : found)
    rows[row.effect.id] = &row;
  in_other_hands_ = false;
  for (auto& [id, task] : tasks_)
    for (const auto* waiting : task.run->outstanding()) {
      auto row = rows.find(id + '/' + waiting->effect);
      if (waiting->kind != ask_kind::outside || row == rows.end())
        continue;
      if (row->second->result) {
        auto answer = wire::decode_outcome(*row->second->result);
        settled.push_back(
            {id, waiting->effect, answer ? *answer : outcome::failure("invalid", answer.error().message)});
      } else if (services_.executor_gone(row->second->executor)) {
        actions.push_back(execute_effect{id, waiting->effect, row->second->effect, true});
      } else {
        in_other_hands_ = true;
      }
    }
}

void coroutine_behaviour::describe(agent_view& into, bool details) const {
  for (const auto& [id, task] : tasks_) {
    task_view view;
    const auto& message = task.run->origin().message;
    view.id = id;
    view.type = message.type;
    view.from = message.from.empty() ? "" : message.from.text();
    view.trace = message.trace;
    view.begun = task.begun;
    view.turns = task.run->turns();
    view.effects = task.run->effects();
    for (const auto* waiting : task.run->outstanding()) {
      wait_view w;
      w.what = waiting->verb;
      w.on = waiting->target;
      w.task = id;
      w.effect = waiting->effect;
      w.since = waiting->at;
      w.until = waiting->due;
      if (waiting->kind == ask_kind::call)
        w.next = "a reply; look at its callee: troupe inspect " + waiting->to.text() + " --why";
      else if (waiting->kind == ask_kind::timer)
        w.next = "time: it goes on at " + to_rfc3339(waiting->due);
      else if (waiting->kind == ask_kind::signal)
        w.next = "a signal \"" + waiting->target + "\"" +
                 (waiting->type.empty() ? "" : " with correlation \"" + waiting->type + "\"");
      else
        w.next = "the result of " + waiting->verb + " " + waiting->target;
      view.waits.push_back(std::move(w));
    }
    into.tasks.push_back(std::move(view));
  }
  if (!details)
    return;
  for (const auto& [key, body] : documents_.all())
    into.state_documents.push_back({key, kind_.state_schema, body});
}

} // namespace troupe
