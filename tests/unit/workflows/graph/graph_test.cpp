// Pictures of workflows: everything has its place, nothing leaves its box, texts are safe.
#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/graph/layout.hpp"
#include "workflows/graph/overlay.hpp"
#include "workflows/graph/svg.hpp"
#include "workflows/graph/text_graphs.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

box drawn(const std::string& yaml) {
  parsed p(yaml);
  BOOST_REQUIRE_MESSAGE(p.plan, p.findings);
  auto whole = diagram_of(*p.plan);
  lay_out(whole);
  return whole;
}

std::string example(const std::string& name) {
  return file_text(std::string(TROUPE_SOURCE_DIR) + "/examples/" + name);
}

const std::vector<std::string>& examples() {
  static const std::vector<std::string> all = {"sales/lead-to-meeting.yaml", "sales/drip-campaign.yaml",
                                               "support/ticket.yaml", "marketing/launch.yaml",
                                               "legal/contract-review.yaml"};
  return all;
}

bool inside(const box& inner, const box& outer) {
  constexpr double slack = 0.01;
  return inner.x >= outer.x - slack && inner.y >= outer.y - slack &&
         inner.x + inner.width <= outer.x + outer.width + slack &&
         inner.y + inner.height <= outer.y + outer.height + slack;
}

bool apart(const box& a, const box& b) {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

/// The first box that has left its frame or lies on another; empty: none.
std::string misplaced(const box& of) {
  for (std::size_t i = 0; i < of.children.size(); ++i) {
    if (!inside(of.children[i], of))
      return of.children[i].path + " leaves " + of.path;
    for (std::size_t j = 0; j < i; ++j)
      if (!apart(of.children[i], of.children[j]))
        return of.children[i].path + " lies on " + of.children[j].path;
    if (auto inner = misplaced(of.children[i]); !inner.empty())
      return inner;
  }
  return {};
}

/// Texts of cards end before their card does.
std::string overflowing(const box& of) {
  if (of.form == box_form::card)
    for (const auto& line : card_lines(of))
      if (text_width(line, face::plain, look::line_size) >
          of.width - 2 * look::card_padding - look::icon - 8 + 0.01)
        return line;
  for (const auto& child : of.children)
    if (auto found = overflowing(child); !found.empty())
      return found;
  return {};
}

const box* find(const box& in, const std::string& path) {
  if (in.path == path && in.form != box_form::sequence)
    return &in;
  for (const auto& child : in.children)
    if (const auto* found = find(child, path))
      return found;
  return nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(graphs)

BOOST_AUTO_TEST_CASE(everything_in_the_examples_has_a_place_of_its_own) {
  for (const auto& name : examples()) {
    const auto whole = drawn(example(name));
    BOOST_TEST(misplaced(whole) == "", name);
    BOOST_TEST(overflowing(whole) == "", name);
  }
}

BOOST_AUTO_TEST_CASE(sequences_go_down_and_branches_stand_side_by_side) {
  const auto whole =
      drawn("workflow: w\nsteps:\n  - { id: a, wait: 1s }\n  - id: p\n    parallel:\n      branches:\n"
            "        one: [ { id: b, wait: 1s } ]\n        two: [ { id: c, wait: 1s } ]\n  - { id: d, wait: "
            "1s }\n");
  const auto *a = find(whole, "a"), *b = find(whole, "p/one/b"), *c = find(whole, "p/two/c"),
             *d = find(whole, "d");
  BOOST_REQUIRE((a && b && c && d));
  BOOST_TEST(a->y + a->height < b->y);
  BOOST_TEST(b->y == c->y);
  BOOST_TEST(b->x + b->width < c->x);
  BOOST_TEST(b->y + b->height < d->y);
}

BOOST_AUTO_TEST_CASE(an_arm_that_returns_leads_nowhere) {
  const auto whole = drawn("workflow: w\nsteps:\n  - id: c\n    choice:\n      - when: ${{ true }}\n        "
                           "steps: [ { return: 1 } ]\n"
                           "      - else: [ { id: b, wait: 1s } ]\n  - { id: d, wait: 1s }\n");
  const auto* c = find(whole, "c");
  BOOST_REQUIRE(c);
  BOOST_TEST(c->children[0].leaves);
  BOOST_TEST(!c->leaves);
  const auto mermaid = render_mermaid(whole);
  BOOST_TEST(mermaid.find("|\"else\"|") != mermaid.npos);
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut_and_strange_ones_are_safe) {
  const auto whole = drawn("workflow: w\nsteps:\n  - { id: a, name: '<b>&\"" + std::string(300, 'x') +
                           "\"', wait: 1s }\n  - { if: '${{ 1 < 2 && \"]]>\" != \"\" }}', wait: 1s }\n");
  BOOST_TEST(misplaced(whole) == "");
  const auto svg = render_svg(whole, "a <title>");
  BOOST_TEST(svg.find("<b>") == svg.npos);
  BOOST_TEST(svg.find("&lt;b&gt;&amp;&quot;xxx") != svg.npos);
  BOOST_TEST(svg.find("…") != svg.npos);
  BOOST_TEST(svg.find("a &lt;title&gt;") != svg.npos);
  BOOST_TEST(find(whole, "a")->width <= look::card_most);
}

BOOST_AUTO_TEST_CASE(a_text_is_cut_between_characters) {
  BOOST_TEST(fitted("ääääääääää", face::plain, 10, 40).ends_with("ä…"));
  BOOST_TEST(fitted("short", face::plain, 10, 100) == "short");
  const auto lines = wrapped("one two three four", face::plain, 10, 45, 2);
  BOOST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(lines[0] == "one two");
  BOOST_TEST(text_width("iiii", face::plain, 10) < text_width("mmmm", face::plain, 10));
  BOOST_TEST(text_width("mmmm", face::plain, 10) < text_width("mmmm", face::strong, 10));
}

BOOST_AUTO_TEST_CASE(a_run_is_shown_with_all_its_iterations_together) {
  auto whole = drawn(example("legal/contract-review.yaml"));
  const std::string view =
      R"({"id": "R1", "state": "working", "reason": "stuck at weighed[1]/agent~1: unavailable: no; hint", "started": "2026-01-01T00:00:00Z",
    "ended": null, "tokens": 1200, "micro_usd": 20000, "steps": [
    {"path": "weighed", "state": "working", "attempts": 1, "started": "2026-01-01T00:00:00Z", "ended": null},
    {"path": "weighed[0]/agent~1", "state": "completed", "attempts": 3, "started": "2026-01-01T00:00:00Z", "ended": "2026-01-01T00:00:01.500Z"},
    {"path": "weighed[a/b]/agent~1", "state": "working", "stuck": true, "attempts": 1, "started": "2026-01-01T00:00:00Z", "ended": null}]})";
  BOOST_REQUIRE(overlay(whole, view).has_value());
  lay_out(whole);
  const auto* weigh = find(whole, "weighed/agent~1");
  BOOST_REQUIRE((weigh && weigh->run));
  BOOST_TEST(weigh->run->state == "stuck");
  BOOST_TEST(run_line(*weigh->run) == "2 times · 4 tries · 1.5 s");
  BOOST_TEST(!find(whole, "route")->run.has_value());
  const auto svg = render_svg(whole, "w");
  BOOST_TEST(svg.find("s-stuck") != svg.npos);
  BOOST_TEST(svg.find("class=\"dim\"") != svg.npos);
  BOOST_TEST(svg.find("$0.02") != svg.npos);
  BOOST_TEST(misplaced(whole) == "");
  BOOST_TEST(!overlay(whole, "[]").has_value());
}

BOOST_AUTO_TEST_CASE(other_tools_get_nodes_groups_and_labelled_edges) {
  const auto whole = drawn(example("sales/lead-to-meeting.yaml"));
  const auto dot = render_dot(whole, "lead-to-meeting");
  BOOST_TEST(dot.starts_with("digraph \"lead-to-meeting\" {"));
  BOOST_TEST(dot.find("label=\"steps.qualify.score >= 60\"") != dot.npos);
  BOOST_TEST(std::count(dot.begin(), dot.end(), '{') == std::count(dot.begin(), dot.end(), '}'));
  const auto mermaid = render_mermaid(whole);
  BOOST_TEST(mermaid.find("|\"steps.qualify.score #gt;= 60\"|") != mermaid.npos);
  const auto json = nlohmann::json::parse(render_graph_json(whole));
  BOOST_TEST(json.at("children").size() == 6u); // start, four steps, done
  BOOST_TEST(json.at("children")[4].at("labels")[0] == "steps.qualify.score >= 60");
}

BOOST_AUTO_TEST_SUITE_END()
