#include "workflows/testing/coverage.hpp"

#include "config/settings/units.hpp"
#include "workflows/plan/formula_source.hpp"
#include "workflows/plan/step_place.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

class lister {
public:
  lister(const traces& seen, std::vector<branch>& into)
      : seen_(seen)
      , all_(into) {}

  void list(const step& s) {
    if (!s.condition.absent() && !s.condition.constant()) {
      const auto text = source_of(s.condition);
      add(s, "if " + text, of(s).ran);
      add(s, "if not " + text, of(s).skipped);
    }
    if (const auto* choice = std::get_if<choice_body>(&s.body))
      list_arms(s, *choice);
    if (const auto* attempt = std::get_if<attempt_body>(&s.body))
      for (const auto& clause : attempt->handlers)
        add(s, "catch" + kinds(clause.on), of(*clause.body).ran);
    if (const auto* approval = std::get_if<approval_body>(&s.body)) {
      add(s, "approved", ended(s, "approved"));
      add(s, "rejected", ended(s, "rejected"));
      if (approval->deadline.count() > 0 && approval->when_late != approval_default::fail)
        add(s, "nobody decides within " + config::format_duration(approval->deadline), ended(s, "deadline"));
    }
    if (const auto* receive = std::get_if<receive_body>(&s.body); receive && receive->timeout.count() > 0) {
      add(s, "a signal comes", ended(s, "signal"));
      if (!receive->otherwise.absent())
        add(s, "no signal within " + config::format_duration(receive->timeout), ended(s, "timeout"));
    }
    if (const auto* race = std::get_if<race_body>(&s.body))
      for (const auto* runner : race->branches)
        add(s, runner->segment + " wins", ended(s, runner->segment));
  }

private:
  void list_arms(const step& s, const choice_body& choice) {
    for (const auto& arm : choice.arms)
      add(s, arm.when.absent() ? "else" : "when " + source_of(arm.when), of(*arm.body).ran);
  }

  static std::string kinds(const std::vector<std::string>& on) {
    std::string text;
    for (const auto& kind : on)
      text += ' ' + kind;
    return text;
  }

  const step_trace& of(const step& s) const {
    static const step_trace nothing;
    const auto found = seen_.find(&s);
    return found == seen_.end() ? nothing : found->second;
  }
  bool ended(const step& s, const std::string& how) const { return of(s).endings.contains(how); }

  void add(const step& s, std::string way, bool taken) {
    all_.push_back({place_of(s), s.where.begin.line, std::move(way), taken});
  }

  const traces& seen_;
  std::vector<branch>& all_;
};

} // namespace

void add_traces(traces& into, const case_outcome& of) {
  for (const auto& [what, seen] : of.seen) {
    auto& all = into[what];
    all.ran = all.ran || seen.ran;
    all.skipped = all.skipped || seen.skipped;
    all.endings.insert(seen.endings.begin(), seen.endings.end());
  }
}

std::vector<branch> branches_of(const plan& of, const traces& seen) {
  std::vector<const step*> all;
  for (const auto& s : of.arena)
    all.push_back(s.get());
  std::stable_sort(all.begin(), all.end(), [](const step* a, const step* b) {
    return a->where.begin.offset < b->where.begin.offset;
  });
  std::vector<branch> made;
  lister list(seen, made);
  for (const auto* s : all)
    list.list(*s);
  return made;
}

} // namespace troupe::workflow
