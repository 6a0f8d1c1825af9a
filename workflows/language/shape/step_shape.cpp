#include "config/diagnostic/suggestion.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/grammar/files.hpp"
#include "workflows/language/grammar/steps.hpp"
#include "workflows/language/shape/shape_check.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;
using grammar::attribute_row;
using grammar::verb_row;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

class step_checker {
public:
  step_checker(const node& value, reporter& to)
      : step_(value)
      , to_(to) {}

  void check() {
    find_verb();
    if (verb_ != nullptr && verb_->name == "agent")
      check_call();
    for (const config::entry& e : step_.entries())
      check_entry(e);
    if (verb_ != nullptr && verb_->name == "try" && !step_.find("catch") && !step_.find("finally"))
      to_.error(*verb_key_, codes::missing_key, "a \"try\" without \"catch\" or \"finally\" catches nothing",
                "add one of them, or write \"steps\"");
    if (verb_ != nullptr && verb_->name == "choice")
      check_arms();
  }

private:
  void find_verb() {
    for (const config::entry& e : step_.entries()) {
      const verb_row* row = grammar::find_verb(e.key.text());
      if (row == nullptr)
        continue;
      if (verb_ != nullptr) {
        to_.error(e.key, codes::two_verbs,
                  "a step does one thing, but this one has " + quoted(verb_->name) + " and " +
                      quoted(row->name),
                  "make two steps of it", *verb_key_, "the first is here");
        continue;
      }
      verb_ = row;
      verb_key_ = e.key;
    }
    if (verb_ == nullptr)
      report_no_verb();
    bits_ = verb_ == nullptr ? grammar::on_all : verb_->bit;
    if (verb_ != nullptr && verb_->name == "agent")
      bits_ = step_.find("tell") && !step_.find("action") ? grammar::on_tell : grammar::on_action;
  }

  void report_no_verb() {
    for (const config::entry& e : step_.entries())
      if (grammar::find_attribute(e.key.text()) == nullptr && config::nearest(e.key.text(), verb_names()))
        return; // told as an unknown key
    const auto action = step_.find_entry("action");
    const auto call = action ? action : step_.find_entry("tell");
    if (call)
      return to_.error(call->key, codes::missing_key, quoted("agent") + " is missing: who is asked?");
    const node at = step_.size() > 0 ? step_.entry_at(0).key : step_;
    to_.error(at, codes::no_verb, "this step says nothing to do",
              "a step has one verb: agent, steps, parallel, choice, …");
  }

  static std::vector<std::string_view> verb_names() {
    std::vector<std::string_view> names;
    for (const verb_row& row : grammar::verbs())
      names.push_back(row.name);
    return names;
  }

  void check_entry(const config::entry& e) {
    if (const verb_row* row = grammar::find_verb(e.key.text())) {
      if (row == verb_)
        check_shape(e.value, *row->holds, e.key, to_);
      return;
    }
    const attribute_row* row = grammar::find_attribute(e.key.text());
    if (row == nullptr)
      return report_unknown(e.key);
    if ((row->taken_by & bits_) == 0)
      return report_misplaced(e.key, *row);
    check_shape(e.value, *row->holds, e.key, to_);
  }

  void report_unknown(const node& key) {
    std::vector<std::string_view> known = verb_ == nullptr ? verb_names() : std::vector<std::string_view>{};
    for (const attribute_row& row : grammar::attributes())
      if ((row.taken_by & bits_) != 0)
        known.push_back(row.name);
    std::string hint = config::did_you_mean(key.text(), known);
    if (hint.empty() && verb_ != nullptr && belongs_inside(key.text()))
      hint = "indent it: it stands inside " + quoted(verb_->name);
    to_.error(key, codes::unknown_key, "a step has no " + quoted(key.text()), std::move(hint));
  }

  bool belongs_inside(std::string_view key) const {
    return grammar::find_key(verb_->holds->keys, key) != nullptr;
  }

  void report_misplaced(const node& key, const attribute_row& row) {
    std::string hint = "it belongs to " + grammar::verb_words(row.taken_by);
    if (verb_ != nullptr && grammar::find_key(verb_->holds->keys, key.text()) != nullptr)
      hint = "indent it: it stands inside " + quoted(verb_->name);
    else if (key.text() == "timeout" && (bits_ & grammar::on_approval) != 0)
      hint = "an approval has \"deadline\" and \"default\" inside it";
    const std::string_view what = verb_ == nullptr ? "step" : verb_->name;
    to_.error(key, codes::misplaced_key, quoted(key.text()) + " means nothing for " + quoted(what),
              std::move(hint));
  }

  void check_call() {
    const auto action = step_.find_entry("action");
    const auto tell = step_.find_entry("tell");
    if (action && tell)
      to_.error(tell->key, codes::one_of, "an agent is either asked (\"action\") or told (\"tell\")", "",
                action->key, "asked here");
    if (action || tell)
      return;
    const auto keys = step_.keys();
    const bool near = std::any_of(keys.begin(), keys.end(), [](std::string_view k) {
      return grammar::find_attribute(k) == nullptr && config::nearest(k, {"action", "tell"}).has_value();
    });
    if (!near)
      to_.error(*verb_key_, codes::missing_key, "\"action\" is missing: what is the agent asked?",
                "\"tell\" sends a message instead and goes on");
  }

  void check_arms() {
    const auto arms = step_.find("choice");
    if (!arms->is(node_kind::list))
      return;
    std::optional<node> otherwise;
    for (const node& arm : arms->items())
      if (arm.is(node_kind::map))
        check_arm(arm, otherwise);
  }

  void check_arm(const node& arm, std::optional<node>& otherwise) {
    const auto last = arm.find_entry("else");
    const auto steps = arm.find_entry("steps");
    const auto when = arm.find_entry("when");
    if (otherwise && (last || when))
      to_.error(arm.entry_at(0).key, codes::arm_after_else, "no arm can follow \"else\"",
                "move \"else\" to the end", *otherwise, "else is here");
    if (last)
      otherwise = last->key;
    if (last && steps && !when)
      to_.error(steps->key, codes::one_of, "\"else\" holds its steps itself", "write else: [ … ]", last->key,
                "else is here");
    if (when && !steps && !last)
      to_.error(when->key, codes::missing_key, "\"steps\" is missing: what is done then?");
  }

  const node& step_;
  reporter& to_;
  const verb_row* verb_ = nullptr;
  std::optional<node> verb_key_;
  std::uint32_t bits_ = 0;
};

} // namespace

void check_step_shape(const node& value, reporter& to) {
  if (broken_by_yaml(value, to))
    return;
  if (!value.is(node_kind::map)) {
    to.reject(value, codes::wrong_kind,
              "a step is a map, found " + std::string(config::with_article(value.kind())),
              "such as - { agent: mail, action: send }");
    return;
  }
  step_checker(value, to).check();
}

} // namespace troupe::workflow
