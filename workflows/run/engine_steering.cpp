// What people do to a run: cancel, pause, resume, signal.
#include "workflows/limits.hpp"
#include "workflows/run/engine.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {

void engine::cancel() {
  if (is_over(run_.state) || run_.closing)
    return;
  commands_.push_back(run_event("run_cancel_asked", run_));
  if (run_.root)
    return stop(*run_.root, ending::canceled());
  end_without_body(ending::canceled());
}

void engine::pause() {
  if (run_.paused || is_over(run_.state))
    return;
  run_.paused = true;
  commands_.push_back(run_event("run_paused", run_));
}

void engine::resume() {
  if (!run_.paused)
    return;
  run_.paused = false;
  commands_.push_back(run_event("run_resumed", run_));
  if (run_.root)
    each_instance(*run_.root, [&](instance& i) {
      if (!i.held)
        return;
      i.held = false;
      queue_.push_back({event::kind::start, &i});
    });
}

/// The first receiver in the order of the tree takes it; else it is kept for one to come.
std::string engine::signaled(stored_signal signal) {
  auto& seen = run_.signals_seen;
  if (is_over(run_.state) || std::find(seen.begin(), seen.end(), signal.id) != seen.end())
    return {};
  if (seen.size() >= limits::signals_remembered_max)
    seen.erase(seen.begin());
  seen.push_back(signal.id);
  dropped_.clear();
  bool taken = false;
  if (run_.root)
    each_instance(*run_.root, [&](instance& i) {
      if (!taken && i.state == run_state::working && !i.parked && !i.stopping)
        taken = supervisor_of(i).signaled(i, signal, *this);
    });
  if (taken)
    return dropped_;
  if (run_.signals.size() >= limits::signals_stored_max)
    drop_signal(signal, "too many signals wait already");
  else
    run_.signals.push_back(std::move(signal));
  return dropped_;
}

void engine::drop_signal(const stored_signal& signal, const std::string& why) {
  fold_command c;
  c.what = fold_command::kind::event;
  c.type = "signal_dropped";
  dropped_ = why;
  c.body = to_text(value::object({{"name", value::text(signal.name)},
                                  {"correlation", value::text(signal.correlation)},
                                  {"id", value::text(signal.id)},
                                  {"why", value::text(why)}}));
  commands_.push_back(std::move(c));
}

} // namespace troupe::workflow
