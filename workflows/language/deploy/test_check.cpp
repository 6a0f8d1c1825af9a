#include "workflows/language/deploy/test_check.hpp"

#include "config/expression/value_json.hpp"
#include "workflows/language/check/hints.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/deploy/tested_names.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

/// "rounds[2]/reply" is about the step "reply".
/// The step that a path leads to; what the engine does for a step has a segment of its own, with a mark.
std::string_view id_in(std::string_view path) {
  if (const auto mark = path.find("/!"); mark != path.npos)
    path = path.substr(0, mark);
  path.remove_prefix(path.rfind('/') + 1);
  return path.substr(0, path.find('['));
}

std::optional<node> map_at(const node& map, std::string_view key) {
  auto found = map.is(node_kind::map) ? map.find(key) : std::nullopt;
  return found && found->is(node_kind::map) ? found : std::nullopt;
}

class test_checker {
public:
  test_checker(file_draft& tests, const draft& of, tested_names names, const catalogue& known)
      : tests_(*tests.tests)
      , root_(tests.file.root())
      , to_(tests.to)
      , plan_(*of.made)
      , names_(std::move(names))
      , known_(known) {}

  void run() {
    if (const auto shared = map_at(root_, "defaults"))
      check_common(*shared);
    const auto list = root_.find("tests");
    if (!list || !list->is(node_kind::list))
      return;
    for (const node& at : list->items())
      if (at.is(node_kind::map)) {
        check_common(at);
        if (const auto expect = map_at(at, "expect"))
          check_expect(*expect);
      }
    check_inputs(list->items());
  }

private:
  void check_common(const node& at) {
    if (const auto mocks = map_at(at, "mocks"))
      for (const config::entry& e : mocks->entries()) {
        check_asked(e.key);
        check_answers(e.key.text(), e.value);
      }
    if (const auto approvals = map_at(at, "approvals"))
      for (const config::entry& e : approvals->entries())
        check_approval(e.key);
    if (const auto signals = map_at(at, "signals"))
      for (const config::entry& e : signals->entries())
        check_among(e.key, e.key.text(), {names_.signals.begin(), names_.signals.end()},
                    "waits for a signal");
  }

  void check_expect(const node& at) {
    if (const auto effects = map_at(at, "effects"))
      for (const config::entry& e : effects->entries())
        check_among(e.key, e.key.text(), {names_.actions.begin(), names_.actions.end()}, "asks for");
    if (const auto calls = map_at(at, "calls"))
      for (const config::entry& e : calls->entries())
        check_asked(e.key);
    for (const auto* key : {"path", "never"})
      if (const auto list = at.find(key); list && list->is(node_kind::list))
        for (const node& place : list->items())
          if (place.is(node_kind::text))
            check_step(place);
    if (const auto stuck = at.find("stuck"); stuck && stuck->is(node_kind::text))
      check_step(*stuck);
  }

  void check_step(const node& at) { check_among(at, id_in(at.text()), keys_of(names_.steps), "has a step"); }

  void check_approval(const node& key) {
    std::vector<std::string_view> ids;
    for (const auto& [id, s] : names_.steps)
      if (s->what == verb::approval)
        ids.push_back(id);
    check_among(key, id_in(key.text()), ids, "has an approval");
  }

  /// A step that asks somebody, or agent.action.
  void check_asked(const node& key) {
    const auto id = id_in(key.text());
    const auto step = names_.steps.find(id);
    if (step != names_.steps.end() && !asks(*step->second)) {
      to_.error(key, codes::unknown_in_test,
                quoted(id) + " asks nobody: it is `" + std::string(to_string(step->second->what)) + "`",
                "steps that ask are agent, decide and workflow");
      return;
    }
    if (step != names_.steps.end() || names_.actions.contains(key.text()))
      return;
    std::vector<std::string_view> all(names_.actions.begin(), names_.actions.end());
    for (const auto& [name, s] : names_.steps)
      if (asks(*s))
        all.push_back(name);
    check_among(key, key.text(), all, "has a step or asks for");
  }

  static bool asks(const step& s) {
    return s.what == verb::agent || s.what == verb::tell || s.what == verb::decide ||
           s.what == verb::workflow;
  }

  void check_among(const node& at, std::string_view word, const std::vector<std::string_view>& all,
                   std::string_view what) {
    if (names_.open || std::find(all.begin(), all.end(), word) != all.end())
      return;
    to_.error(at, codes::unknown_in_test,
              "nothing in " + plan_.name + " " + std::string(what) + " " + quoted(word),
              to_.full() ? "" : hint_among(word, all));
  }

  const schema* output_of(std::string_view name) const {
    std::string action(name);
    if (const auto step = names_.steps.find(id_in(name)); step != names_.steps.end()) {
      const auto* call = std::get_if<call_body>(&step->second->body);
      const auto* kind = call ? call->agent.constant() : nullptr;
      if (!kind || !kind->is(expression::value_kind::text))
        return nullptr;
      action = kind->as_text() + '.' + call->action;
    }
    const auto dot = action.rfind('.');
    const auto* found =
        dot == action.npos ? nullptr : known_.action(action.substr(0, dot), action.substr(dot + 1));
    return found ? found->output.get() : nullptr;
  }

  void check_answers(std::string_view name, const node& given) {
    const auto* shape = output_of(name);
    for (const node& one : given.is(node_kind::list) ? given.items() : std::vector<node>{given}) {
      const auto answer = shape && one.is(node_kind::map) ? one.find("returns") : std::nullopt;
      if (!answer || to_.rejected(*answer))
        continue;
      if (const auto wrong = misfit(*shape, *answer); !wrong.empty())
        to_.warning(answer->in(), answer->where(), codes::mock_misfit,
                    "the real one would not answer this: " + wrong);
    }
  }

  void check_inputs(const std::vector<node>& all) {
    const auto shared = map_at(root_, "defaults");
    for (std::size_t i = 0; i < all.size() && i < tests_.cases.size(); ++i) {
      const auto own = all[i].is(node_kind::map) ? all[i].find("input") : std::nullopt;
      const auto given = own ? own : shared ? shared->find("input") : std::nullopt;
      if (!plan_.input || tests_.cases[i].expect.state == "rejected")
        continue;
      const auto name = all[i].is(node_kind::map) ? all[i].find("name") : std::nullopt;
      if (!given) {
        if (!plan_.input->check(nlohmann::json::object()).empty())
          to_.error(name ? *name : all[i], codes::test_input, "the test gives no input, and one is wanted",
                    "expect: {state: rejected} tests a refusal");
      } else if (const auto wrong = misfit(*plan_.input, *given); !to_.rejected(*given) && !wrong.empty()) {
        to_.error(*given, codes::test_input, "the input does not fit: " + wrong,
                  "expect: {state: rejected} tests a refusal");
      }
    }
  }

  static std::string misfit(const schema& shape, const node& given) {
    const auto as_json = expression::to_json(literal_value(given));
    const auto wrong = as_json ? shape.check(*as_json) : std::vector<schema_mismatch>();
    return wrong.empty() ? std::string() : wrong.front().message;
  }

  const test_plan& tests_;
  node root_;
  reporter& to_;
  const plan& plan_;
  tested_names names_;
  const catalogue& known_;
};

/// Names of tests within their file, and what `same_as` says of them.
void check_test_names(const file_draft& tests, reporter& to) {
  const auto list = tests.file.root().find("tests");
  if (!list || !list->is(node_kind::list))
    return;
  std::map<std::string_view, node> first;
  for (const node& at : list->items())
    if (const auto name = at.is(node_kind::map) ? at.find("name") : std::nullopt; name && !to.rejected(*name))
      if (const auto [known, fresh] = first.emplace(name->text(), *name); !fresh)
        to.error(*name, codes::test_twice, "there are two tests of this name", "rename one of them",
                 known->second, "the other one is here");
  for (const node& at : list->items()) {
    const auto expect = map_at(at, "expect");
    const auto same = expect ? expect->find("same_as") : std::nullopt;
    if (!same || !same->is(node_kind::text))
      continue;
    const auto own = at.find("name");
    if (own && own->text() == same->text())
      to.error(*same, codes::unknown_test, "every test is the same as itself", "name another one");
    else if (!first.contains(same->text()))
      to.error(*same, codes::unknown_test, "there is no test " + quoted(same->text()) + " in this file",
               to.full() ? "" : hint_among(same->text(), keys_of(first)));
  }
}

} // namespace

void check_tests(file_draft& tests, const std::vector<file_draft*>& files, const catalogue& known) {
  check_test_names(tests, tests.to);
  const auto name = tests.file.root().find("test");
  if (!name || tests.to.rejected(*name))
    return;
  for (const file_draft* file : files)
    if (file->workflow && file->workflow->made->name == name->text())
      return test_checker(tests, *file->workflow, names_of(*file->workflow->made, files), known).run();
  if (known.workflows_complete || known.tested_complete)
    tests.to.error(*name, codes::unknown_workflow, "there is no workflow " + quoted(name->text()) + " here",
                   hint_among(name->text(), keys_of(known.workflows)));
}

} // namespace troupe::workflow
