// Failures: which are tried again, when, and what a person may do about the rest.
#include "runtime/base/hash.hpp"
#include "workflows/run/engine.hpp"
#include "workflows/run/supervisor.hpp"

#include <algorithm>
#include <array>

namespace troupe::workflow {

bool may_get_better(std::string_view kind) noexcept {
  static constexpr std::array hopeless = {"invalid",  "rejected",        "canceled",     "budget_exceeded",
                                          "no_match", "unknown_outcome", "key_conflict", "call_cycle"};
  static constexpr std::array passing = {"http.408", "http.409", "http.425", "http.429"};
  if (std::find(passing.begin(), passing.end(), kind) != passing.end())
    return true;
  return !kind.starts_with("http.4") && std::find(hopeless.begin(), hopeless.end(), kind) == hopeless.end();
}

bool names_kind(const std::vector<std::string>& on, std::string_view kind) noexcept {
  if (on.empty())
    return true;
  return std::any_of(on.begin(), on.end(), [&](std::string_view wanted) {
    if (wanted == kind || wanted == "*")
      return true;
    if (wanted.ends_with(".*"))
      return kind.starts_with(wanted.substr(0, wanted.size() - 1));
    if (wanted.ends_with("xx"))
      return kind.size() == wanted.size() && kind.starts_with(wanted.substr(0, wanted.size() - 2));
    return false;
  });
}

bool engine::retries(const instance& self, const failure& why) const {
  const auto& policy = self.what->retry;
  return self.attempt < policy.attempts && may_get_better(why.kind) && names_kind(policy.on, why.kind);
}

/// Full jitter draws from zero to the back-off; the draw hangs on run, path and attempt, so that a replay
/// draws alike.
instant engine::retry_at(const instance& self) const {
  const auto& policy = self.what->retry;
  auto span = policy.initial;
  for (std::uint32_t i = 1; policy.exponential && i < self.attempt && span < policy.max; ++i)
    span *= 2;
  span = std::min(span, policy.max);
  if (policy.full_jitter && span.count() > 0) {
    const auto drawn = stable_hash(run_.id + '\x1f' + self.path + '\x1f' + std::to_string(self.attempt));
    span = milliseconds(static_cast<std::int64_t>(drawn % static_cast<std::uint64_t>(span.count() + 1)));
  }
  return now() + span;
}

void engine::attempt_failed(instance& self, failure why) {
  if (!retries(self, why))
    return give_up(self, std::move(why));
  self.error = std::move(why);
  timer(self, "retry", retry_at(self));
  note("attempt_failed", self);
}

result<void> engine::retry(const std::string& path, bool new_key) {
  std::vector<instance*> parked;
  if (run_.root)
    each_instance(*run_.root, [&](instance& i) {
      if (i.parked && (path.empty() || i.path == path))
        parked.push_back(&i);
    });
  if (parked.empty())
    return troupe::fail(fault::conflict,
                        path.empty() ? "no step waits for a retry"
                                     : "the step " + path + " does not wait for a retry",
                        "see troupe inspect " + run_.id + " --why");
  ++run_.epoch;
  if (new_key)
    run_.key_salt += '+';
  for (auto* i : parked) {
    i->parked = false;
    i->error = {};
    i->attempt = 0;
    i->position = 0;
    i->local = {};
    i->arguments = {};
    i->children.clear();
    i->state = run_state::submitted;
    queue_.push_back({event::kind::start, i});
  }
  return {};
}

} // namespace troupe::workflow
