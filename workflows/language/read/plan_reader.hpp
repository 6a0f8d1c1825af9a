#pragma once

#include "workflows/language/read/draft.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::workflow {

/// What steps take over from their file.
struct step_defaults {
  milliseconds timeout{0};
  std::optional<retry_policy> retry;
  std::optional<config::node> definitions; // $defs
};

/// Makes the steps of one plan. What was rejected counts as absent, so that a file with mistakes still gives
/// a plan that the later checks can look at.
class plan_reader {
public:
  plan_reader(draft& into, step_defaults defaults, reporter& to)
      : draft_(into)
      , plan_(*into.made)
      , defaults_(std::move(defaults))
      , to_(to) {}

  /// The steps of a list, as a sequence.
  const step* read_sequence(const config::node& list, const step* parent, std::string segment);

  std::shared_ptr<const schema> read_schema(const config::node& at, bool object_implied);

  // Parts of steps and of files.
  static std::optional<config::node> find(const config::node& map, std::string_view key, const reporter& to);
  static milliseconds duration_at(const config::node& map, std::string_view key, const reporter& to);
  static bool flag_at(const config::node& map, std::string_view key, const reporter& to);
  static std::uint32_t count_at(const config::node& map, std::string_view key, std::uint32_t otherwise,
                                const reporter& to);
  static std::string text_at(const config::node& map, std::string_view key, const reporter& to);
  static budget read_budget(const config::node& map, const reporter& to);
  static supervision_rule read_supervision(const config::node& map, const reporter& to);
  static void read_retry(const config::node& map, retry_policy& into, const reporter& to);

private:
  using numbering = std::map<verb, std::size_t>;

  const step* read_step(const config::node& at, const step* parent, std::string segment);
  const step* read_member(const config::node& at, const step* parent, numbering& unnamed);
  step& make(const step* parent, std::string segment, const config::node& at);
  bool full(const config::node& at);

  void read_verb(step& into, const config::node& at);
  void read_attributes(step& into, const config::node& at);
  void read_output(step& into, const config::node& at);
  void read_undoing(step& into, const config::node& at);
  void remember_id(step& into, const config::node& at);

  // Bodies.
  step_body read_call(const step& of, const config::node& at);
  step_body read_parallel(const step& of, const config::node& body);
  step_body read_choice(const step& of, const config::node& body);
  step_body read_map(const step& of, const config::node& body);
  step_body read_loop(const step& of, const config::node& body);
  step_body read_race(const step& of, const config::node& body);
  step_body read_attempt(const step& of, const config::node& at, const config::node& body);
  step_body read_approval(const step& of, const config::node& body);
  step_body read_decide(const step& of, const config::node& body);
  step_body read_wait(const step& of, const config::node& body);
  step_body read_receive(const step& of, const config::node& body);
  step_body read_set(const step& of, const config::node& body);
  step_body body_of(verb what, const step& of, const config::node& at, const config::node& body);

  sequence_body read_members(const step& of, const config::node& list);
  static step_body empty_body(verb what);
  steps read_branches(const step& of, const config::node& body);
  const step* body_at(const step& of, const config::node& map, std::string_view key, std::string segment);
  approver_rule read_approvers(const step& of, const config::node& map);

  /// The formula under a key, remembered for the checks. `label` is what messages call it, if not the key.
  formula formula_at(const step& of, const config::node& map, std::string_view key,
                     wanted as = wanted::anything, moment when = moment::before, std::string_view label = {});
  formula remember(const step& of, const config::node& value, std::string_view label, wanted as,
                   moment when = moment::before);

  std::optional<config::node> find(const config::node& map, std::string_view key) const {
    return find(map, key, to_);
  }

  draft& draft_;
  plan& plan_;
  step_defaults defaults_;
  reporter& to_;
  bool told_full_ = false;
};

/// The verb a step has; nothing if it has none that is known.
std::optional<verb> verb_of(const config::node& at);

} // namespace troupe::workflow
