#include "workflows/graph/diagram.hpp"

#include "workflows/plan/formula_source.hpp"
#include "workflows/plan/schema.hpp"
#include "workflows/plan/step_place.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

std::string kinds(const std::vector<std::string>& on) {
  std::string text;
  for (const auto& kind : on)
    text += (text.empty() ? "" : ", ") + kind;
  return text.empty() ? "any error" : text;
}

class drawer {
public:
  /// The steps of a list, one below the other.
  box sequence(const step& of, const std::string& path) {
    box made;
    made.form = box_form::sequence;
    made.path = path;
    for (const auto* child : std::get<sequence_body>(of.body).children)
      made.children.push_back(draw(*child, place_below(path, child->segment)));
    made.leaves =
        !made.children.empty() && made.children.back().leaves && made.children.back().condition.empty();
    return made;
  }

private:
  box draw(const step& s, const std::string& path) {
    box made;
    made.path = path;
    made.verb = to_string(s.what);
    made.title = title_of(s);
    if (!s.condition.absent())
      made.condition = source_of(s.condition);
    fill(made, s);
    return made;
  }

  void fill(box& made, const step& s) {
    if (const auto* parallel = std::get_if<parallel_body>(&s.body))
      return fill_parallel(made, *parallel);
    if (const auto* choice = std::get_if<choice_body>(&s.body))
      return fill_choice(made, *choice);
    if (const auto* race = std::get_if<race_body>(&s.body))
      return fill_branches(made, race->branches, "the first to finish wins");
    if (const auto* attempt = std::get_if<attempt_body>(&s.body))
      return fill_attempt(made, *attempt);
    if (const auto* map = std::get_if<map_body>(&s.body))
      return fill_map(made, *map);
    if (const auto* loop = std::get_if<loop_body>(&s.body))
      return fill_loop(made, *loop);
    if (s.what == verb::sequence) {
      made.form = box_form::frame;
      made.children.push_back(sequence(s, made.path));
      return;
    }
    made.lines = summary_of(s);
    made.leaves = s.what == verb::leave || s.what == verb::stop || s.what == verb::fail;
  }

  void add_column(box& made, const step& body, std::string label) {
    made.children.push_back(sequence(body, place_below(made.path, body.segment)));
    made.labels.push_back(std::move(label));
  }

  static void settle_columns(box& made) {
    made.form = box_form::columns;
    made.merges =
        std::any_of(made.children.begin(), made.children.end(), [](const box& b) { return !b.leaves; });
    made.leaves = !made.merges;
  }

  void fill_branches(box& made, const steps& branches, std::string about) {
    made.lines = {std::move(about)};
    for (const auto* branch : branches)
      add_column(made, *branch, branch->segment);
    made.form = box_form::columns; // a branch that returns ends itself, not the whole
  }

  void fill_parallel(box& made, const parallel_body& body) {
    switch (body.join) {
    case join_rule::all:
      return fill_branches(made, body.branches, "waits for all");
    case join_rule::any:
      return fill_branches(made, body.branches, "waits for one");
    case join_rule::at_least:
      return fill_branches(made, body.branches, "waits for " + std::to_string(body.at_least));
    case join_rule::settled:
      return fill_branches(made, body.branches, "waits for all, failed or not");
    }
  }

  void fill_choice(box& made, const choice_body& body) {
    made.lines = {"the first that holds"};
    made.code_labels = true;
    for (const auto& arm : body.arms)
      add_column(made, *arm.body, arm.when.absent() ? "else" : source_of(arm.when));
    settle_columns(made);
  }

  void fill_attempt(box& made, const attempt_body& body) {
    add_column(made, *body.body, "try");
    for (const auto& handler : body.handlers)
      add_column(made, *handler.body, "on " + kinds(handler.on));
    settle_columns(made);
    if (body.finally) {
      add_column(made, *body.finally, "finally");
      made.lines = {"finally runs, however it ends"};
    }
  }

  void fill_map(box& made, const map_body& body) {
    made.form = box_form::frame;
    made.lines = {"for each " + body.as + " of " + source_of(body.over)};
    if (body.max_parallel > 0)
      made.lines.push_back(std::to_string(body.max_parallel) + " at a time");
    made.children.push_back(sequence(*body.body, place_below(made.path, body.body->segment)));
    made.children.back().leaves = false;
  }

  void fill_loop(box& made, const loop_body& body) {
    made.form = box_form::frame;
    made.lines = {(body.until ? "until " : "while ") + source_of(body.condition),
                  "at most " + source_of(body.max) + " rounds, then it " +
                      (body.fail_when_exhausted ? "fails" : "goes on")};
    made.children.push_back(sequence(*body.body, place_below(made.path, body.body->segment)));
    made.children.back().leaves = false;
  }
};

box terminal(std::string title, std::vector<std::string> lines) {
  box made;
  made.form = box_form::terminal;
  made.title = std::move(title);
  made.lines = std::move(lines);
  return made;
}

std::vector<std::string> start_lines(const plan& from) {
  std::vector<std::string> lines;
  if (from.input) {
    std::string names;
    for (const auto& name : from.input->fields())
      names += (names.empty() ? "" : ", ") + name;
    if (!names.empty())
      lines.push_back("input " + names);
  }
  for (const auto& t : from.schedules)
    lines.push_back(t.cron.empty() ? "on a schedule" : "cron " + t.cron + " " + t.timezone);
  for (const auto& t : from.messages)
    lines.push_back("on " + t.type + " of " + t.agent);
  return lines;
}

/// The names of what comes out, or the value itself.
std::string output_words(const formula& output) {
  std::string names;
  if (const auto* fields = output.computed_map())
    for (const auto& [name, v] : *fields)
      names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? source_of(output) : names;
}

} // namespace

box diagram_of(const plan& from) {
  box whole = drawer().sequence(*from.body, "");
  const auto output = output_words(from.output);
  const auto version = from.version > 0 ? " v" + std::to_string(from.version) : "";
  whole.children.insert(whole.children.begin(), terminal(from.name + version, start_lines(from)));
  whole.children.push_back(terminal("done", output.empty() ? std::vector<std::string>()
                                                           : std::vector<std::string>{"output " + output}));
  whole.leaves = false;
  return whole;
}

} // namespace troupe::workflow
