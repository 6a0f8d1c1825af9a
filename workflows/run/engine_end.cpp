// How a run ends: its output, compensation of what it did, the answer to whoever waits.
#include "workflows/run/engine.hpp"
#include "workflows/run/scope.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {

void engine::root_ended() {
  auto& root = *run_.root;
  run_.closing = true;
  run_.planned = {root.state, root.result, root.error};
  if (root.state == run_state::skipped)
    run_.planned = ending::completed();
  if (run_.planned.state != run_state::completed)
    run_.undo = undoable(root);
  next_undo_of_run();
}

void engine::next_undo_of_run() {
  while (!run_.undo.empty()) {
    auto* step = find_instance(*run_.root, run_.undo.front());
    if (step && step->running() > 0)
      return; // a race or an `undo` has begun it already: its end comes back here
    run_.undo.erase(run_.undo.begin());
    if (step && !step->undone) {
      begin(*step, *step->what->compensate, "!undo");
      return;
    }
  }
  finish_run();
}

void engine::finish_run() {
  auto& how = run_.planned;
  if (how.state == run_state::completed && run_.root && !run_.definition->output.absent()) {
    auto output = evaluate(run_.definition->output, *run_.root);
    if (output)
      how.result = std::move(*output);
    else
      how = ending::failed({"invalid", "the output: " + output.error().message, {}});
  }
  run_.state = how.state;
  run_.output = std::move(how.result);
  run_.error = std::move(how.error);
  run_.planned = {};
  run_.ended = now();
  for (const auto& id : run_.waits) {
    fold_command c;
    c.what = fold_command::kind::clear;
    c.id = id;
    commands_.push_back(std::move(c));
  }
  run_.waits.clear();
  for (const auto& signal : run_.signals)
    drop_signal(signal, "the run ended");
  run_.signals.clear();
  for (const auto& caller : run_.callers)
    commands_.push_back(answer_to(caller, run_));
  run_.callers.clear();
  commands_.push_back(run_event("run_" + std::string(to_string(run_.state)), run_));
}

std::vector<std::string> engine::undoable(const instance& from) const {
  std::vector<const instance*> found;
  each_instance(from, [&](const instance& i) {
    const bool began = i.state == run_state::completed ||
                       (i.attempt > 0 && is_over(i.state) && i.state != run_state::skipped);
    if (began && i.what->compensate && !i.undone)
      found.push_back(&i);
  });
  std::sort(found.begin(), found.end(),
            [](const auto* a, const auto* b) { return a->ended_number > b->ended_number; });
  std::vector<std::string> paths;
  for (const auto* i : found)
    paths.push_back(i->path);
  return paths;
}

void engine::undo(instance& owner, std::vector<std::string> paths) {
  std::vector<value> list;
  for (auto& path : paths)
    list.push_back(value::text(std::move(path)));
  owner.local = value::object({{"undo", value::list(std::move(list))}});
  owner.position = 0;
  undo_next(owner);
}

void engine::undo_next(instance& owner) {
  const auto* paths = field(owner.local, "undo");
  while (paths && owner.position < paths->items().size()) {
    auto* step = find_instance(*run_.root, paths->items()[owner.position++].as_text());
    if (step && !step->undone) {
      begin(*step, *step->what->compensate, "!undo").local = value::text(owner.path);
      return;
    }
  }
  supervisor_of(owner).undone(owner, *this);
}

/// A compensation that failed leaves its step undone all the same: its own retries are spent, and a person
/// was asked (it parks) unless the file said `fail`.
void engine::undo_ended(instance& compensation) {
  compensation.parent->undone = true;
  if (run_.closing)
    return next_undo_of_run();
  if (!compensation.local.is(expression::value_kind::text))
    return;
  auto* owner = find_instance(*run_.root, compensation.local.as_text());
  if (owner && !is_over(owner->state))
    undo_next(*owner);
}

} // namespace troupe::workflow
