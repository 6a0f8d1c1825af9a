#include "workflows/testing/report.hpp"

#include "config/settings/units.hpp"
#include "runtime/base/object.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

std::string sentence(const mismatch& m) { return m.what + ": expected " + m.expected + ", got " + m.got; }

std::string facts_of(const case_result& c) {
  std::string text =
      config::format_duration(c.virtual_time) + " virtual, " + std::to_string(c.records) + " records";
  if (c.crashes > 0)
    text += ", " + std::to_string(c.crashes) + " crashes";
  return text;
}

std::string render_branches(const suite_result& of, const painter& paint) {
  const auto taken =
      std::count_if(of.branches.begin(), of.branches.end(), [](const branch& b) { return b.taken; });
  const bool all = static_cast<std::size_t>(taken) == of.branches.size();
  auto text =
      "  " +
      paint(std::to_string(taken) + " of " + std::to_string(of.branches.size()) + " branches taken", all) +
      "\n";
  for (const auto& b : of.branches)
    if (!b.taken)
      text += "    not taken: " + b.place + ", line " + std::to_string(b.line) + ": " + b.way + "\n";
  return text;
}

json json_of(const case_result& c) {
  auto wrong = json::array();
  for (const auto& m : c.mismatches)
    wrong.push_back(object("what", m.what, "expected", m.expected, "got", m.got));
  auto made =
      object("name", c.name, "line", c.line, "passed", c.passed(), "mismatches", std::move(wrong), "problems",
             c.problems, "virtual_ms", c.virtual_time.count(), "records", c.records, "crashes", c.crashes);
  if (!c.passed() && !c.reason.empty())
    made["reason"] = c.reason;
  return made;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      safe += '?';
    else
      safe += c;
  }
  return safe;
}

} // namespace

std::string render_text(const suite_result& of, bool coverage, const painter& paint) {
  auto text = of.file + "\n";
  for (const auto& c : of.cases) {
    text += "  " + paint(c.passed() ? "✓" : "✗", c.passed()) + ' ' + c.name + "  (" + facts_of(c) + ")\n";
    for (const auto& m : c.mismatches)
      text += "      " + m.what + "\n        expected  " + m.expected + "\n        got       " + m.got + "\n";
    for (const auto& p : c.problems)
      text += "      " + p + "\n";
    if (!c.passed() && !c.reason.empty())
      text += "      the run: " + c.reason + "\n";
  }
  return coverage ? text + render_branches(of, paint) : text;
}

std::string render_json(const std::vector<suite_result>& all) {
  auto files = json::array();
  std::size_t tests = 0;
  std::size_t failed = 0;
  for (const auto& suite : all) {
    auto cases = json::array();
    for (const auto& c : suite.cases)
      cases.push_back(json_of(c));
    auto branches = json::array();
    for (const auto& b : suite.branches)
      branches.push_back(object("path", b.place, "line", b.line, "branch", b.way, "taken", b.taken));
    tests += suite.cases.size();
    failed += suite.failed();
    files.push_back(object("file", suite.file, "workflow", suite.workflow, "tests", std::move(cases),
                           "branches", std::move(branches)));
  }
  return object("files", std::move(files), "tests", tests, "passed", tests - failed, "failed", failed)
             .dump() +
         "\n";
}

std::string render_junit(const std::vector<suite_result>& all) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& suite : all) {
    text += "  <testsuite name=\"" + escaped(suite.workflow) + "\" file=\"" + escaped(suite.file) +
            "\" tests=\"" + std::to_string(suite.cases.size()) + "\" failures=\"" +
            std::to_string(suite.failed()) + "\">\n";
    for (const auto& c : suite.cases) {
      text += "    <testcase classname=\"" + escaped(suite.workflow) + "\" name=\"" + escaped(c.name) + "\"";
      if (c.passed()) {
        text += "/>\n";
        continue;
      }
      std::string why;
      for (const auto& m : c.mismatches)
        why += sentence(m) + "\n";
      for (const auto& p : c.problems)
        why += p + "\n";
      text += ">\n      <failure message=\"" + escaped(why.substr(0, why.find('\n'))) + "\">" + escaped(why) +
              "</failure>\n    </testcase>\n";
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

} // namespace troupe::workflow
